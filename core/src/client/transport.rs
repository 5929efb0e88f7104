//! How requests reach the service.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use reqwest::redirect::Policy;

use super::host::{BoxFuture, Cause};
use crate::network;

/// The longest answer that is read: more than any that the service gives.
const LONGEST: usize = 256 << 20;

/// Sends a request once, and returns the whole answer. It follows no redirect and repeats nothing: the client decides
/// what is sent again. A dropped future ends the request.
pub trait Transport: Send + Sync {
    /// Sends `request`.
    ///
    /// # Errors
    /// If there is no answer, or not all of it.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
}

/// There is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection: the service has not seen the request.
    #[error("cannot connect")]
    Connect(#[source] Cause),
    /// The connection ended before the answer did: the service may have done what it was asked to do.
    #[error("the connection was cut")]
    Interrupted(#[source] Cause),
}

/// HTTP/1.1 by `reqwest`, with rustls and the system's certificates and proxies.
pub(super) struct Http(reqwest::Client);

impl Http {
    /// For a service on this machine, or for one elsewhere.
    pub(super) fn new(is_local: bool, connect_timeout: Duration) -> Result<Self, Cause> {
        let client = network::client(is_local)?.connect_timeout(connect_timeout);
        // Elsewhere, a redirect would be given the token, and a POST could become a GET.
        Ok(Self(client.redirect(Policy::none()).retry(reqwest::retry::never()).build()?))
    }
}

impl Transport for Http {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(failure)?;
            let mut response = self.0.execute(request).await.map_err(failure)?;
            let mut answer = Response::builder().status(response.status());
            if let Some(headers) = answer.headers_mut() {
                std::mem::swap(headers, response.headers_mut());
            }
            let mut body = Vec::new();
            while let Some(part) = response.chunk().await.map_err(failure)? {
                if body.len() + part.len() > LONGEST {
                    return Err(TransportError::Interrupted(
                        format!("the answer has more than {LONGEST} bytes").into(),
                    ));
                }
                body.extend_from_slice(&part);
            }
            answer.body(body.into()).map_err(|cause| TransportError::Interrupted(cause.into()))
        })
    }
}

fn failure(cause: reqwest::Error) -> TransportError {
    let nothing_sent = cause.is_connect() || cause.is_builder();
    // An address may name an organisation; the error says without it what is wrong.
    let cause = Box::new(cause.without_url());
    if nothing_sent { TransportError::Connect(cause) } else { TransportError::Interrupted(cause) }
}
