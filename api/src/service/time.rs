//! Moments.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970 in UTC. As text it is RFC 3339: `2026-12-01T09:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Time(i64);

impl Time {
    /// The moment so many microseconds after the start of 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, period: Duration) -> Self {
        Self(self.0.saturating_add(micros(period)))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;

    fn sub(self, period: Duration) -> Self {
        Self(self.0.saturating_sub(micros(period)))
    }
}

fn micros(period: Duration) -> i64 {
    i64::try_from(period.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Moments beyond the year 9999 are as good as the last one before it.
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX).fmt(f)
    }
}

/// A text that is not a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time; write it as in 2026-12-01T09:30:00Z")]
pub struct NotTime;

impl FromStr for Time {
    type Err = NotTime;

    fn from_str(text: &str) -> Result<Self, NotTime> {
        text.parse::<Timestamp>().map(|time| Self(time.as_microsecond())).map_err(|_| NotTime)
    }
}

impl From<Time> for String {
    fn from(time: Time) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for Time {
    type Error = NotTime;

    fn try_from(text: String) -> Result<Self, NotTime> {
        text.parse()
    }
}

#[cfg(feature = "openapi")]
super::open::text_schema!(Time, "A moment, RFC 3339 in UTC.", "date-time", "2026-12-01T09:30:00Z");

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_its_text_and_back() {
        let time: Time = "2026-12-01T09:30:00.25Z".parse().unwrap();
        assert_eq!(time.as_micros(), 1_796_117_400_250_000);
        assert_eq!(time.to_string(), "2026-12-01T09:30:00.25Z");
        assert_eq!(serde_json::from_str::<Time>("\"2026-12-01T10:30:00.25+01:00\"").unwrap(), time);
        assert!("yesterday".parse::<Time>().is_err());
        assert_eq!(Time::from_micros(i64::MAX).to_string(), "9999-12-30T22:00:00.999999999Z");
    }
}
