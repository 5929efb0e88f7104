//! The header that names a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use packshot_api::service::header;

use crate::code::Code;
use crate::credits::Key;
use crate::error::{Error, Result};

/// The idempotency key of a request that changes something.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) Key);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let value = parts.headers.get(header::IDEMPOTENCY_KEY).ok_or(Error::Denied(Code::KeyMissing))?;
        let text = value.to_str().map_err(|_| Error::Denied(Code::KeyInvalid))?;
        // The draft has a structured field, which is in quotes; most clients send the bare text.
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        Key::new(bare).map(Self).ok_or(Error::Denied(Code::KeyInvalid))
    }
}
