//! An answer: the result, and what its headers say.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Response};
use packshot_api::service::{Credits, header};
use serde::de::DeserializeOwned;

use super::error::{Error, Result};
use super::host::Cause;
use super::rate_limit::{self, RateLimit};

/// The result of a call, with the status and the headers of the answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The result.
    pub data: T,
    status: u16,
    headers: HeaderMap,
    key: Option<String>,
}

impl<T> Answer<T> {
    pub(super) fn read(
        response: Response<Bytes>,
        key: Option<String>,
        read: fn(&[u8]) -> Result<T, Cause>,
    ) -> Result<Self> {
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status.as_u16(), parts.headers);
        match read(&body) {
            Ok(data) => Ok(Self { data, status, headers, key }),
            // Whatever the request was to do is done; only the answer is lost.
            Err(cause) => Err(Error::unreadable(status, cause)
                .with_request_id(text(&headers, header::REQUEST_ID))
                .about(key.as_deref(), key.is_some())),
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header, if it is there and ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    /// The id of the answer, for questions to whoever runs the service.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.header(header::REQUEST_ID)
    }

    /// The version of the API that the answer follows.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.header(header::VERSION)
    }

    /// The idempotency key of the request, if it has one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Whether the request was carried out before, under the same key: this is its first answer.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.header(header::REPLAYED) == Some("true")
    }

    /// How many credits the request has spent.
    #[must_use]
    pub fn credits_charged(&self) -> Option<Credits> {
        self.credits(header::CREDITS_CHARGED)
    }

    /// How many credits the request has reserved.
    #[must_use]
    pub fn credits_held(&self) -> Option<Credits> {
        self.credits(header::CREDITS_HELD)
    }

    /// The rate limits that apply, and what is left of them.
    #[must_use]
    pub fn rate_limits(&self) -> Vec<RateLimit> {
        rate_limit::of(&self.headers)
    }

    fn credits(&self, name: &str) -> Option<Credits> {
        Credits::try_from(self.header(name)?.parse::<i64>().ok()?).ok()
    }
}

impl<T> fmt::Debug for Answer<T> {
    /// Without the data, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Reads JSON. The error says where the fault is, but not what stands there: it may be a secret.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Cause> {
    serde_json::from_slice(body).map_err(|cause| {
        let what = if cause.is_data() { "not what the contract says" } else { "not JSON" };
        format!("{what}, at line {}, column {}", cause.line(), cause.column()).into()
    })
}
