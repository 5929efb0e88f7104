//! What surrounds every route: the request's id, limits, faults of tests, headers and numbers.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use packshot_api::service::{VERSION, header};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use super::context::Context;
use super::{metrics, problem};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::limits::Left;
use crate::state::App;

/// Runs a request with all that belongs to it.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = Id::new().to_string();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = sender(peer, request.headers(), &app.settings().trusted_proxies);
    let context = Context::new(address);
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    context.clone().enter(&mut request);
    let span = span(&method, path.as_deref(), &id);
    #[cfg(feature = "traces")]
    crate::traces::go_on(&span, request.headers());
    let answered = answer(&app, &context, request, next).instrument(span.clone()).await;
    let response = answered.unwrap_or_else(IntoResponse::into_response);
    let mut response = problem::written(response, &id);
    describe(response.headers_mut(), &id, context.left());
    let (route, status) = (path.as_deref().unwrap_or("none"), response.status().as_u16());
    span.record("http.response.status_code", i64::from(status));
    if response.status().is_server_error() {
        span.record("otel.status_code", "error");
    }
    metrics::answered(route, &method, status, began.elapsed());
    tracing::info!(request = id, method, route, status, ms = began.elapsed().as_millis() as u64, "answered");
    response
}

/// The span of a request. Its fields are those of OpenTelemetry's conventions for HTTP servers.
fn span(method: &str, route: Option<&str>, id: &str) -> Span {
    let name = route.map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    tracing::debug_span!(
        "request",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        packshot.request = id,
    )
}

async fn answer(app: &App, context: &Context, request: Request, next: Next) -> Result<Response> {
    version(request.headers())?;
    context.met(app.limits().of_address(context.address))?;
    let Some((fault, latency)) = app.faults().and_then(|faults| faults.next(request.uri().path())) else {
        return Ok(next.run(request).await);
    };
    tokio::time::sleep(latency).await;
    if fault.is_before()
        && let Some(response) = fault.answer()
    {
        return response;
    }
    // In a task of its own: a client that goes away during the fault must not undo what the fault comes after.
    let response = tokio::spawn(next.run(request)).await.map_err(|cause| Error::Internal(cause.to_string()))?;
    fault.answer().unwrap_or(Ok(response))
}

/// A client may name the version that it was written for. There is one so far.
fn version(headers: &HeaderMap) -> Result<()> {
    match headers.get(header::VERSION) {
        Some(version) if version != VERSION => Err(Error::Denied(Code::VersionUnknown)),
        _ => Ok(()),
    }
}

/// Who sent a request: the last address that no trusted proxy has. What a client writes into the header itself comes
/// before those that proxies add, and is never believed.
fn sender(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[crate::settings::Network]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let is_proxy = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    if !is_proxy(&peer) {
        return peer;
    }
    let hops = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).collect();
    let hops = hops.into_iter().rev().map_while(|hop| hop.trim().parse::<IpAddr>().ok());
    hops.into_iter().find(|address| !is_proxy(address)).unwrap_or(peer)
}

fn describe(headers: &mut HeaderMap, id: &str, left: Option<Left>) {
    let mut add = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    add(header::REQUEST_ID, id);
    add(header::VERSION, VERSION);
    add("x-content-type-options", "nosniff");
    add("cache-control", "no-store");
    if let Some(Left { limit, quota, window, left }) = left {
        add(header::RATE_LIMIT_POLICY, &format!("\"{limit}\";q={quota};w={window}"));
        add(header::RATE_LIMIT, &format!("\"{limit}\";r={left};t={window}"));
    }
}
