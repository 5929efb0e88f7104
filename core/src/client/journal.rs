//! A record of requests whose outcome is not known yet.

use super::host::{BoxFuture, Cause};

/// A request that is about to be sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Started<'a> {
    /// Its idempotency key: the same call with it has no second effect.
    pub key: &'a str,
    /// What it does: method and route, such as `POST /v1/holds/{id}/capture`.
    pub operation: &'static str,
    /// What it does it to: its path, such as `/v1/holds/hld_1/capture`.
    pub path: &'a str,
}

/// Records each request that changes something before its first byte is sent. A program that ended in between finds the
/// key there, and makes the same call with it again: [`Call::idempotency_key`](super::Call::idempotency_key).
pub trait Journal: Send + Sync {
    /// Records `request`. It is sent when this has ended.
    ///
    /// # Errors
    /// If it cannot be recorded. Then it is not sent.
    fn started<'a>(&'a self, request: Started<'a>) -> BoxFuture<'a, Result<(), Cause>>;

    /// The outcome of the request with this key is known: it was carried out, or it will never be.
    ///
    /// # Errors
    /// If that cannot be recorded. The call succeeds nevertheless.
    fn settled<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Cause>>;
}
