//! Bodies and queries of requests, with errors that name the field.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use packshot_api::service::Wrong;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::code::Code;
use crate::error::{Error, Result};

/// The longest body: recipes are the longest that there are.
const MOST: usize = 1 << 20;

/// The JSON of a request.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: Serialize> Body<T> {
    /// SHA-256 of what was asked, however it was written.
    pub(crate) fn hash(&self) -> Result<[u8; 32]> {
        hash(&self.0)
    }
}

/// SHA-256 of a value as JSON.
pub(crate) fn hash(value: &impl Serialize) -> Result<[u8; 32]> {
    let json = serde_json::to_vec(value).map_err(|cause| Error::Internal(cause.to_string()))?;
    Ok(Sha256::digest(json).into())
}

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Error::Unreadable("the body must be JSON, with `Content-Type: application/json`".to_owned()));
        }
        let bytes = to_bytes(request.into_body(), MOST).await.map_err(|_| Error::Denied(Code::BodyTooLarge))?;
        read(&mut serde_json::Deserializer::from_slice(&bytes)).map(Self)
    }
}

fn read<T: DeserializeOwned>(json: &mut serde_json::Deserializer<serde_json::de::SliceRead<'_>>) -> Result<T> {
    let value = serde_path_to_error::deserialize(&mut *json);
    let value = value.map_err(|cause| {
        let field = cause.path().to_string();
        let inner = cause.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => Error::Invalid(vec![wrong(field, &inner)]),
            _ => Error::Unreadable(format!("the body is no JSON: {inner}")),
        }
    })?;
    json.end().map_err(|cause| Error::Unreadable(format!("the body is no JSON: {cause}")))?;
    Ok(value)
}

/// The fault without serde's line and column, which are about a text that nobody wrote by hand.
fn wrong(field: String, cause: &serde_json::Error) -> Wrong {
    let text = cause.to_string();
    let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem).to_owned();
    Wrong { field: if field == "." { "body".to_owned() } else { field }, problem }
}

/// The query of an address.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let query = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        query.map(|query| Self(query.0)).map_err(|cause| Error::field("query", cause.body_text()))
    }
}
