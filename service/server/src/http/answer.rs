//! Answers.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use packshot_api::service::{Credits, header};
use serde::Serialize;

/// A body with its status and what it cost.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    status: StatusCode,
    body: Option<T>,
    replayed: bool,
    held: Option<Credits>,
    charged: Option<Credits>,
}

impl<T> Answer<T> {
    /// 200.
    pub(crate) const fn ok(body: T) -> Self {
        Self::of(StatusCode::OK, Some(body))
    }

    /// 201.
    pub(crate) const fn created(body: T) -> Self {
        Self::of(StatusCode::CREATED, Some(body))
    }

    /// 202: a mail will tell more.
    pub(crate) const fn accepted(body: T) -> Self {
        Self::of(StatusCode::ACCEPTED, Some(body))
    }

    const fn of(status: StatusCode, body: Option<T>) -> Self {
        Self { status, body, replayed: false, held: None, charged: None }
    }

    /// Says whether it is the answer to an earlier request with the same key.
    pub(crate) const fn replayed(mut self, replayed: bool) -> Self {
        self.replayed = replayed;
        self
    }

    /// Says what the request has reserved and spent.
    pub(crate) const fn cost(mut self, held: Credits, charged: Credits) -> Self {
        (self.held, self.charged) = (Some(held), Some(charged));
        self
    }
}

impl Answer<()> {
    /// 204.
    pub(crate) const fn empty() -> Self {
        Self::of(StatusCode::NO_CONTENT, None)
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        let mut add = |name, value| headers.insert(HeaderName::from_static(name), value);
        if self.replayed {
            add(header::REPLAYED, HeaderValue::from_static("true"));
        }
        for (name, amount) in [(header::CREDITS_HELD, self.held), (header::CREDITS_CHARGED, self.charged)] {
            if let Some(amount) = amount {
                add(name, HeaderValue::from(amount.as_millis()));
            }
        }
        match self.body {
            Some(body) => (self.status, headers, Json(body)).into_response(),
            None => (self.status, headers).into_response(),
        }
    }
}
