//! Rate limits in the headers of answers (draft-ietf-httpapi-ratelimit-headers-11).

use std::time::Duration;

use http::HeaderMap;
use packshot_api::service::header::{RATE_LIMIT, RATE_LIMIT_POLICY};

/// A rate limit that applies to a request, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Its name.
    pub policy: String,
    /// How many requests are left.
    pub remaining: u64,
    /// After this time there are more.
    pub reset: Option<Duration>,
    /// How many requests it allows in a window.
    pub quota: Option<u64>,
    /// The window.
    pub window: Option<Duration>,
}

/// The limits of an answer. What does not follow the draft is skipped.
pub(super) fn of(headers: &HeaderMap) -> Vec<RateLimit> {
    let policies = items(headers, RATE_LIMIT_POLICY);
    let limit = |item: Item| {
        let policy = policies.iter().find(|policy| policy.name == item.name);
        Some(RateLimit {
            remaining: item.number("r")?,
            reset: item.number("t").map(Duration::from_secs),
            quota: policy.and_then(|policy| policy.number("q")),
            window: policy.and_then(|policy| policy.number("w")).map(Duration::from_secs),
            policy: item.name,
        })
    };
    items(headers, RATE_LIMIT).into_iter().filter_map(limit).collect()
}

/// A member of a list of structured fields (RFC 9651): a string with parameters.
struct Item {
    name: String,
    parameters: Vec<(String, String)>,
}

impl Item {
    fn number(&self, key: &str) -> Option<u64> {
        self.parameters.iter().rev().find(|(name, _)| name == key)?.1.parse().ok()
    }
}

/// The members of all fields of this name.
fn items(headers: &HeaderMap, name: &str) -> Vec<Item> {
    let fields = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    fields.flat_map(|field| split(field, ',')).filter_map(|member| item(&member)).collect()
}

fn item(member: &str) -> Option<Item> {
    let mut parts = split(member, ';').into_iter();
    let name = parts.next()?.strip_prefix('"')?.strip_suffix('"')?.replace("\\\"", "\"").replace("\\\\", "\\");
    let parameter = |part: String| {
        let (key, value) = part.split_once('=')?;
        Some((key.trim().to_owned(), value.trim().to_owned()))
    };
    Some(Item { name, parameters: parts.filter_map(parameter).collect() })
}

/// The parts of `text` between separators that are not in quotes, without space around them.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in text.chars() {
        if letter == separator && !quoted {
            parts.push(String::new());
            continue;
        }
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped && quoted;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(limit: &str, policy: &str) -> Vec<RateLimit> {
        let fields = [(RATE_LIMIT, limit), (RATE_LIMIT_POLICY, policy)];
        of(&fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect())
    }

    #[test]
    fn limits_are_joined_with_their_policies() {
        let found = limits("\"burst\";r=3;t=7, \"day\";r=900", "\"burst\";q=10;w=60, \"day\";q=1000;w=86400;qu=\"x\"");
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let burst =
            RateLimit { policy: "burst".into(), remaining: 3, reset: seconds(7), quota: Some(10), window: seconds(60) };
        let day =
            RateLimit { policy: "day".into(), remaining: 900, reset: None, quota: Some(1000), window: seconds(86_400) };
        assert_eq!(found, [burst, day]);
    }

    #[test]
    fn names_may_contain_what_separates() {
        let found = limits(r#""a,\"b;\\";r=1"#, "");
        assert_eq!((found[0].policy.as_str(), found[0].remaining), ("a,\"b;\\", 1));
    }

    #[test]
    fn what_is_no_limit_is_skipped() {
        for text in ["", "nonsense", "\"open", "\"a\"", "\"a\";r=x", "\"a\";r=-1", "100", ",;,=;"] {
            assert_eq!(limits(text, text), [], "{text}");
        }
        assert_eq!(limits("\"a\";r=x, \"b\";r=2", "").len(), 1);
    }
}
