//! Announcements in the headers of answers.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use packshot_api::service;

/// Something that the service announces about an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The operation: method and route, such as `GET /v1/credits`.
    pub operation: &'static str,
    /// Since when it is deprecated (RFC 9745). The moment may lie ahead.
    pub deprecated: Option<SystemTime>,
    /// When it will end (RFC 8594).
    pub sunset: Option<SystemTime>,
    /// What the service says to people.
    pub message: Option<String>,
}

impl Notice {
    /// The notice of an answer, if it has one.
    pub(super) fn of(operation: &'static str, headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let deprecated = text("deprecation").map(|text| {
            let seconds = text.strip_prefix('@').and_then(|seconds| seconds.parse().ok());
            // Drafts of the standard had `true` there.
            SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds.unwrap_or(0)))
                .unwrap_or(SystemTime::UNIX_EPOCH)
        });
        let sunset = text("sunset").and_then(|text| httpdate::parse_http_date(text).ok());
        let message = text(service::header::NOTICE).map(str::to_owned);
        let is_empty = deprecated.is_none() && sunset.is_none() && message.is_none();
        (!is_empty).then_some(Self { operation, deprecated, sunset, message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_read_from_their_headers() {
        let of = |fields: &[(&'static str, &str)]| {
            let headers = fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            Notice::of("GET /v1/credits", &headers)
        };
        let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let notice = of(&[
            ("deprecation", "@1796117400"),
            ("sunset", "Tue, 01 Dec 2026 09:30:00 GMT"),
            ("packshot-notice", "use /v2"),
        ]);
        let notice = notice.unwrap();
        assert_eq!((notice.deprecated, notice.sunset), (at(1_796_117_400), at(1_796_117_400)));
        assert_eq!(notice.message.as_deref(), Some("use /v2"));
        assert_eq!(of(&[("deprecation", "true")]).unwrap().deprecated, at(0));
        assert_eq!(of(&[("deprecation", "@99999999999999999999")]).unwrap().deprecated, at(0));
        assert_eq!(of(&[("sunset", "soon")]), None);
        assert_eq!(of(&[("ratelimit", "\"a\";r=1")]), None);
    }
}
