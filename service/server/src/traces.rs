//! Spans of requests and of what they ask the database, for a collector that speaks OTLP in JSON over HTTP.
//!
//! A span has what a line of the log has: routes, statuses, ids and the service's own statements, never their values.

use std::time::Duration;

use axum::http::{HeaderMap, Request, Response};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::error::{Error, Result};

/// How long the collector may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The spans of this process, on their way to a collector.
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Spans for the collector at `url`, such as `http://localhost:4318`. They are sent in batches, and lost if it is away.
    pub(crate) fn to(url: &str) -> Result<Self> {
        let unusable = |cause: &dyn std::fmt::Display| Error::Setting(format!("--traces {url}: {cause}"));
        // The provider may be set already, by another part of the process.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|cause| unusable(&cause))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client { client, runtime: Handle::current() })
            .with_protocol(Protocol::HttpJson)
            .with_endpoint(format!("{}/v1/traces", url.trim_end_matches('/')))
            .build()
            .map_err(|cause| unusable(&cause))?;
        let resource = Resource::builder().with_service_name("packshot").build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// Where spans become those of OpenTelemetry.
    pub(crate) fn layer<S: Subscriber + for<'s> LookupSpan<'s>>(&self) -> impl Layer<S> + use<S> {
        let tracer = self.0.tracer("packshot");
        let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::DEBUG);
        let layer = OpenTelemetryLayer::new(tracer);
        layer
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(own)
    }

    /// Sends what is left.
    pub(crate) async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE)).await;
        if let Ok(Err(cause)) = ended {
            tracing::warn!(cause = %cause, "the last spans could not be sent");
        }
    }
}

/// Lets a request's span go on with the client's, if it told one in `traceparent`.
pub(crate) fn go_on(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // It fails where nobody collects spans, and then there is nothing to go on.
    span.set_parent(context).ok();
}

/// Sends batches from a thread that is not the runtime's.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> std::result::Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let (status, body) = (answer.status(), answer.bytes().await?);
            Ok::<_, HttpError>(Response::builder().status(status).body(body)?)
        });
        sent.await?
    }
}
