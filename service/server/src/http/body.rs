//! Bodies and queries of requests, with errors that name the field.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use http_body_util::BodyExt as _;
use packshot_api::service::Wrong;
use serde::de::DeserializeOwned;

use crate::code::Code;
use crate::error::{Error, Result};

/// The longest body: recipes are the longest that there are.
const MOST: usize = 1 << 20;

/// How much is read at most.
const DRAINED: usize = 16 << 20;

/// The JSON of a request.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Error::Unreadable("the body must be JSON, with `Content-Type: application/json`".to_owned()));
        }
        let bytes = collected(request.into_body(), MOST).await?;
        read(&mut serde_json::Deserializer::from_slice(&bytes)).map(Self)
    }
}

/// Content of at most so many bytes.
pub(crate) async fn content(request: Request, most: u64) -> Result<Vec<u8>> {
    collected(request.into_body(), usize::try_from(most).unwrap_or(usize::MAX - DRAINED)).await
}

/// The bytes of a body. Of one that is too long the rest is read and dropped, within reason: a client that is still sending
/// would not read the answer.
async fn collected(mut body: axum::body::Body, most: usize) -> Result<Vec<u8>> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|cause| Error::Unreadable(format!("the body broke off: {cause}")))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= most {
            bytes.extend_from_slice(&data);
        } else if length > most + DRAINED {
            break;
        }
    }
    if length > most { Err(Error::Denied(Code::BodyTooLarge)) } else { Ok(bytes) }
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
