//! Ids in addresses.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::{Error, Result};
use crate::id::Id;

/// The id at the end of an address. A text that is no id names nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathId(pub(crate) Id);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound("id"))?;
        text.parse().map(Self).map_err(|_| Error::NotFound("id"))
    }
}
