//! Content of assets, whole or in ranges.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use packshot_api::service::Permission;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assets::{Found, LinkFacts, open};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Org, PathId, Query};
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(content)).routes(routes!(signed))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    variant: Option<String>,
}

/// The content of an asset
///
/// `Range` asks for a part of it.
#[utoipa::path(get, path = "/v1/assets/{id}/content", tag = "assets",
    extensions(("x-permission" = json!("assets:read"))),
    params(("id" = String, Path, description = "The asset."),
        ("variant" = Option<String>, Query, description = "Such as `thumbnail`; the original, if absent."),
        ("range" = Option<String>, Header, description = "`bytes=0-1023` (RFC 9110).")),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "A part of it.", content_type = "application/octet-stream", body = Vec<u8>)))]
async fn content(
    State(app): State<App>,
    org: Org,
    PathId(id): PathId,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response> {
    org.may(&Permission::AssetsRead)?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    send(&app, &found, which.variant.as_deref(), false, &headers).await
}

/// The content that a link is for
#[utoipa::path(get, path = "/v1/files/{link}", tag = "assets", security(()),
    params(("link" = String, Path, description = "As it was made."),
        ("range" = Option<String>, Header, description = "`bytes=0-1023` (RFC 9110).")),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "A part of it.", content_type = "application/octet-stream", body = Vec<u8>)))]
async fn signed(State(app): State<App>, Path(link): Path<String>, headers: HeaderMap) -> Result<Response> {
    let facts = LinkFacts::read(app.secrets(), &link, app.clock().now())?;
    // Deletion beats the signature: there is nothing to find then.
    let found = Found::by_id(&mut app.store(), facts.asset).await?;
    send(&app, &found, Some(&facts.variant), facts.download, &headers).await
}

async fn send(
    app: &App,
    asset: &Found,
    variant: Option<&str>,
    download: bool,
    headers: &HeaderMap,
) -> Result<Response> {
    let content = open(app, asset, variant).await?;
    let length = content.length;
    let asked = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let range = match asked {
        Some(asked) => match range(asked, length) {
            Asked::One(range) => Some(range),
            // Several ranges, or what is no range of bytes: the whole may be sent instead.
            Asked::Other => None,
            Asked::None => return Err(Error::Denied(Code::RangeInvalid)),
        },
        None => None,
    };
    let kind = format!("image/{}", content.format);
    let name = format!("{}.{}", asset.id, content.format);
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let sent = range.clone().unwrap_or(0..length);
    let body = Body::from_stream(content.stream(sent.clone()));
    let mut response = (status, body).into_response();
    let mut add = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    add(CONTENT_TYPE, kind);
    add(CONTENT_LENGTH, (sent.end - sent.start).to_string());
    add(ACCEPT_RANGES, "bytes".to_owned());
    let disposition = if download { "attachment" } else { "inline" };
    add(CONTENT_DISPOSITION, format!("{disposition}; filename=\"{name}\""));
    // It is shown as a picture and nothing else, whatever it may be read as.
    add(HeaderName::from_static("content-security-policy"), "sandbox; default-src 'none'".to_owned());
    if range.is_some() {
        add(CONTENT_RANGE, format!("bytes {}-{}/{length}", sent.start, sent.end - 1));
    }
    Ok(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    One(Range<u64>),
    None,
    Other,
}

/// The range of `bytes=…`, of something of this length (RFC 9110, section 14).
fn range(asked: &str, length: u64) -> Asked {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Asked::Other;
    };
    let found = match (first.trim(), last.trim()) {
        ("", last) => last.parse().map(|last: u64| length.saturating_sub(last)..length),
        (first, "") => first.parse().map(|first| first..length),
        (first, last) => match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first > last => return Asked::Other,
            (Ok(first), Ok(last)) => Ok(first..last.saturating_add(1).min(length)),
            (Err(cause), _) | (_, Err(cause)) => Err(cause),
        },
    };
    match found {
        Ok(range) if range.start < range.end => Asked::One(range),
        Ok(_) => Asked::None,
        Err(_) => Asked::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, range};

    #[test]
    fn ranges_are_those_of_the_standard() {
        assert_eq!(range("bytes=0-499", 1000), Asked::One(0..500));
        assert_eq!(range("bytes=500-", 1000), Asked::One(500..1000));
        assert_eq!(range("bytes=-500", 1000), Asked::One(500..1000));
        assert_eq!(range("bytes=-5000", 1000), Asked::One(0..1000));
        assert_eq!(range("bytes=990-5000", 1000), Asked::One(990..1000));
        assert_eq!(range("bytes=1000-", 1000), Asked::None);
        assert_eq!(range("bytes=-0", 1000), Asked::None);
        for other in ["bytes=5-2", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes="] {
            assert_eq!(range(other, 1000), Asked::Other, "{other}");
        }
    }
}
