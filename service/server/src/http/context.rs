//! What is known of a request while it runs, for the headers of its answer.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::request::Parts;

use crate::error::{Error, Result};

/// The state of the narrowest rate limit that a request has met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) limit: &'static str,
    pub(super) quota: u32,
    pub(super) window: u32,
    pub(super) left: u32,
}

/// Belongs to one request.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) id: Arc<str>,
    /// Who sent it, as far as it can be known.
    pub(super) address: IpAddr,
    left: Arc<Mutex<Option<Left>>>,
}

impl Context {
    pub(super) fn new(id: &str, address: IpAddr) -> Self {
        Self { id: id.into(), address, left: Arc::default() }
    }

    pub(super) fn of(parts: &Parts) -> Result<&Self> {
        let missing = || Error::Internal("a request without its context".to_owned());
        parts.extensions.get::<Self>().ok_or_else(missing)
    }

    pub(super) fn enter(self, request: &mut Request) {
        request.extensions_mut().insert(self);
    }

    /// Keeps the state of the limit with the smaller rest.
    pub(super) fn met(&self, left: Left) {
        let mut known = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|known| left.left < known.left) {
            *known = Some(left);
        }
    }

    pub(super) fn left(&self) -> Option<Left> {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
