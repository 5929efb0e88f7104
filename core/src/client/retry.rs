//! What is sent again, and when. The rules are a table, without a clock or a connection.
//!
//! | event | GET | POST, DELETE (with their key) | PATCH | PUT |
//! |---|---|---|---|---|
//! | no connection | again | again | again | again |
//! | connection cut, or nothing in time | again | again | never | again |
//! | 408, 502, 503, 504 | again | again | never | again |
//! | 500 | again | never | never | never |
//! | 429 | after `Retry-After` | after `Retry-After` | after `Retry-After` | after `Retry-After` |
//! | 409 `idempotency_in_progress` | - | waits | - | - |
//! | everything else | never | never | never | never |
//!
//! `packshot-should-retry` outweighs the status. A 401 is sent again once, after the session was refreshed.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, header};
use packshot_api::service;

/// The code of an answer: another request with this key is not done yet.
const IN_PROGRESS: &str = "idempotency_in_progress";
/// The longest pause before the first attempt that is repeated.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause that the client chooses.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The shortest pause before a request that the service does not want yet.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// What follows an attempt without success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: this is the result.
    Stop,
    /// Another attempt, as long as there are any.
    Again,
    /// Another attempt, which does not count: the service is still busy with this very request.
    Wait,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended<'a> {
    NotConnected,
    Cut,
    Answered { status: u16, code: Option<&'a str>, headers: &'a HeaderMap },
}

/// The table.
pub(super) fn next(method: &Method, ended: Ended<'_>) -> Next {
    let has_key = has_key(method);
    // What is put takes the place of what was put before.
    let is_repeatable = has_key || [Method::GET, Method::PUT].contains(method);
    let again = |again: bool| if again { Next::Again } else { Next::Stop };
    match ended {
        Ended::NotConnected => Next::Again,
        Ended::Cut => again(is_repeatable),
        Ended::Answered { status, code, headers } => {
            let advice = headers.get(service::header::SHOULD_RETRY).map(|advice| advice.as_bytes());
            match (advice, status) {
                (Some(b"false"), _) => Next::Stop,
                (_, 409) if has_key && code == Some(IN_PROGRESS) => Next::Wait,
                (Some(b"true"), _) | (_, 429) => Next::Again,
                (_, 408 | 502..=504) => again(is_repeatable),
                (_, 500) => again(method == Method::GET),
                _ => Next::Stop,
            }
        }
    }
}

/// Whether an answer leaves open if the request was carried out.
pub(super) fn is_uncertain(status: u16, code: Option<&str>) -> bool {
    matches!(status, 408 | 500..=599) || code == Some(IN_PROGRESS)
}

/// Whether requests of this method have an idempotency key: those that add or remove something.
pub(super) fn has_key(method: &Method) -> bool {
    [Method::POST, Method::DELETE].contains(method)
}

/// How long the service asks to wait: a number of seconds, or a date, which is compared with the date of the answer.
pub(super) fn retry_after(headers: &HeaderMap, time_of_day: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let answered = headers.get(header::DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Some(at.duration_since(answered.unwrap_or(time_of_day)).unwrap_or_default())
}

/// The pause before the next attempt: what the service asks for, or a random one, at most twice as long each time.
pub(super) fn pause(asked: Option<Duration>, failures: u32, random: u64) -> Duration {
    if let Some(asked) = asked {
        return asked.max(SHORTEST_WAIT);
    }
    let most = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_PAUSE);
    most.mul_f64(random as f64 / u64::MAX as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::DELETE, Method::PATCH, Method::PUT];

    fn headers(fields: &[(&'static str, &str)]) -> HeaderMap {
        fields.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// What follows for GET, POST, DELETE, PATCH and PUT: `a`gain, `w`ait or `s`top.
    fn row(ended: Ended<'_>) -> String {
        let letter = |method| match next(method, ended) {
            Next::Again => 'a',
            Next::Wait => 'w',
            Next::Stop => 's',
        };
        METHODS.iter().map(letter).collect()
    }

    fn answered(status: u16, code: &str, fields: &[(&'static str, &str)]) -> String {
        row(Ended::Answered { status, code: Some(code), headers: &headers(fields) })
    }

    #[test]
    fn the_table_is_as_it_is_written() {
        assert_eq!(row(Ended::NotConnected), "aaaaa");
        assert_eq!(row(Ended::Cut), "aaasa");
        for status in [408, 502, 503, 504] {
            assert_eq!(answered(status, "x", &[]), "aaasa", "{status}");
        }
        assert_eq!(answered(500, "x", &[]), "assss");
        assert_eq!(answered(429, "rate_limited", &[]), "aaaaa");
        assert_eq!(answered(409, IN_PROGRESS, &[]), "swwss");
        for (status, code) in [(409, "hold_ended"), (409, "idempotency_key_reused"), (422, "idempotency_key_reused")] {
            assert_eq!(answered(status, code, &[]), "sssss", "{code}");
        }
        for status in [301, 400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 501, 505] {
            assert_eq!(answered(status, "x", &[]), "sssss", "{status}");
        }
    }

    #[test]
    fn the_services_advice_outweighs_the_status() {
        let (yes, no) = (("packshot-should-retry", "true"), ("packshot-should-retry", "false"));
        assert_eq!(answered(500, "x", &[yes]), "aaaaa");
        assert_eq!(answered(422, "x", &[yes]), "aaaaa");
        assert_eq!(answered(409, IN_PROGRESS, &[yes]), "awwaa");
        for status in [408, 409, 429, 500, 503] {
            assert_eq!(answered(status, IN_PROGRESS, &[no]), "sssss", "{status}");
        }
        assert_eq!(answered(503, "x", &[("packshot-should-retry", "perhaps")]), "aaasa");
    }

    #[test]
    fn every_form_of_retry_after_is_understood() {
        let now = httpdate::parse_http_date("Tue, 01 Dec 2026 09:30:00 GMT").unwrap();
        let wait = |text: &str| retry_after(&headers(&[("retry-after", text)]), now).map(|wait| wait.as_secs());
        for (text, seconds) in [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Tue, 01 Dec 2026 09:30:30 GMT", Some(30)),
            ("Tuesday, 01-Dec-26 09:30:30 GMT", Some(30)),
            ("Tue Dec  1 09:30:30 2026", Some(30)),
            ("Tue, 01 Dec 2026 09:29:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("Tue, 32 Dec 2026 09:30:30 GMT", None),
        ] {
            assert_eq!(wait(text), seconds, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn a_wrong_clock_does_not_change_how_long_a_date_means() {
        let fields =
            headers(&[("date", "Tue, 01 Dec 2026 09:30:00 GMT"), ("retry-after", "Tue, 01 Dec 2026 09:31:00 GMT")]);
        assert_eq!(retry_after(&fields, SystemTime::UNIX_EPOCH), Some(Duration::from_secs(60)));
    }

    #[test]
    fn pauses_are_random_and_bounded() {
        let most = |failures| pause(None, failures, u64::MAX).as_millis();
        assert_eq!([1, 2, 3, 4, 5, 6, 100].map(most), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(pause(None, 5, 0), Duration::ZERO);
        assert_eq!(pause(None, 1, u64::MAX / 2).as_millis(), 250);
        assert_eq!(pause(Some(Duration::from_secs(60)), 1, 0), Duration::from_secs(60));
        assert_eq!(pause(Some(Duration::ZERO), 1, 0), SHORTEST_WAIT);
    }
}
