//! Faults that tests ask for. A service without a test clock has none.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use packshot_api::service::Fault;

use crate::error::{Error, Result};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Latency,
    ErrorBefore,
    ErrorAfterCommit,
    CutBefore,
    CutAfterCommit,
}

impl FaultKind {
    const ALL: [(&'static str, Self); 5] = [
        ("latency", Self::Latency),
        ("error_before", Self::ErrorBefore),
        ("error_after_commit", Self::ErrorAfterCommit),
        ("cut_before", Self::CutBefore),
        ("cut_after_commit", Self::CutAfterCommit),
    ];

    pub(crate) const fn is_before(self) -> bool {
        matches!(self, Self::ErrorBefore | Self::CutBefore)
    }

    /// The answer instead of the right one.
    pub(crate) fn answer(self) -> Option<Result<Response>> {
        match self {
            Self::Latency => None,
            Self::ErrorBefore | Self::ErrorAfterCommit => Some(Err(Error::Internal("injected by a test".to_owned()))),
            Self::CutBefore | Self::CutAfterCommit => Some(Ok(cut())),
        }
    }
}

/// An answer that breaks off: its length is told and its bytes never come.
fn cut() -> Response {
    let mut response = (StatusCode::OK, Body::new(Broken)).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("1000"));
    response
}

struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}

/// Faults that are still to happen.
#[derive(Debug, Default)]
pub(crate) struct FaultQueue(Mutex<VecDeque<Fault>>);

impl FaultQueue {
    /// Whether these are faults that exist.
    pub(crate) fn check(faults: &[Fault]) -> Result<()> {
        for (place, fault) in faults.iter().enumerate() {
            if kind(fault).is_none() {
                let words = FaultKind::ALL.map(|(word, _)| word);
                let problem = format!("is `{}`; it may be {}", fault.kind, words.join(", "));
                return Err(Error::field(&format!("faults[{place}].kind"), problem));
            }
        }
        Ok(())
    }

    /// Adds faults that were checked.
    pub(crate) fn add(&self, faults: Vec<Fault>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
    }

    /// The next fault that names exactly this path: steps of work that nobody requests.
    pub(crate) fn next_of(&self, path: &str) -> Option<FaultKind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = faults.iter().position(|fault| fault.path.as_deref() == Some(path))?;
        faults.remove(place).and_then(|fault| kind(&fault))
    }

    /// The next fault of a request to `path`, which does not happen again.
    pub(crate) fn next(&self, path: &str) -> Option<(FaultKind, Duration)> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &Fault| fault.path.as_deref().is_none_or(|start| path.starts_with(start));
        let place = faults.iter().position(fits)?;
        let fault = faults.remove(place)?;
        Some((kind(&fault)?, Duration::from_millis(fault.latency.unwrap_or(0).into())))
    }
}

fn kind(fault: &Fault) -> Option<FaultKind> {
    FaultKind::ALL.into_iter().find(|(word, _)| *word == fault.kind).map(|(_, kind)| kind)
}
