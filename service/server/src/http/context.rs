//! What is known of a request while it runs, for the headers of its answer.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::request::Parts;

use crate::error::{Error, Result};
use crate::limits::Left;

/// Belongs to one request.
#[derive(Debug, Clone)]
pub(super) struct Context {
    /// Who sent it, as far as it can be known.
    pub(super) address: IpAddr,
    left: Arc<Mutex<Option<Left>>>,
}

impl Context {
    pub(super) fn new(address: IpAddr) -> Self {
        Self { address, left: Arc::default() }
    }

    pub(super) fn of(parts: &Parts) -> Result<&Self> {
        let missing = || Error::Internal("a request without its context".to_owned());
        parts.extensions.get::<Self>().ok_or_else(missing)
    }

    pub(super) fn enter(self, request: &mut Request) {
        request.extensions_mut().insert(self);
    }

    /// Keeps the state of the limit with the smaller rest, and hands on whether it was met.
    pub(super) fn met(&self, (left, outcome): (Left, Result<()>)) -> Result<()> {
        let mut known = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|known| left.left < known.left) {
            *known = Some(left);
        }
        outcome
    }

    pub(super) fn left(&self) -> Option<Left> {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
