//! Amounts of credits.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// An amount of credits, in whole thousandths, never negative. One command moves at most [`Credits::MAX`]; sums may be more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Credits(i64);

impl Credits {
    /// None.
    pub const ZERO: Self = Self(0);
    /// The largest amount of one command: a thousand million credits. Millions of such grants fit into 64 bits.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// So many thousandths of a credit; `None` if negative or more than [`Credits::MAX`].
    #[must_use]
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if millis >= 0 && millis <= Self::MAX.0 { Some(Self(millis)) } else { None }
    }

    /// Thousandths of a credit.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// A sum of many amounts, which may be above [`Credits::MAX`].
    #[must_use]
    pub const fn sum_of_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// No credits.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Credits {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int64)))
            .description(Some("Credits, in thousandths."))
            .minimum(Some(0))
            .examples([1500])
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Credits {
    fn name() -> std::borrow::Cow<'static, str> {
        "Credits".into()
    }
}

impl From<Credits> for i64 {
    fn from(credits: Credits) -> Self {
        credits.0
    }
}

/// A number that is no amount of credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount of credits is a whole number of thousandths, at least 0")]
pub struct NotCredits;

impl TryFrom<i64> for Credits {
    type Error = NotCredits;

    fn try_from(millis: i64) -> Result<Self, NotCredits> {
        if millis < 0 { Err(NotCredits) } else { Ok(Self(millis)) }
    }
}

/// Amounts are bounded so that no sum within an account overflows; if one did, it must stop here and not wrap.
impl Add for Credits {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Credits {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Credits {
    /// As people write it: `12`, `0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, (self.0 % 1000).abs());
        let sign = if self.0 < 0 && whole == 0 { "-" } else { "" };
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::Credits;

    #[test]
    fn amounts_are_written_as_people_do() {
        let text = |millis| Credits::sum_of_millis(millis).to_string();
        assert_eq!([text(12_000), text(500), text(1_050), text(-1), text(0)], ["12", "0.5", "1.05", "-0.001", "0"]);
    }

    #[test]
    fn only_amounts_within_the_bounds_exist() {
        assert_eq!(Credits::from_millis(-1), None);
        assert_eq!(Credits::from_millis(Credits::MAX.0 + 1), None);
        assert_eq!(Credits::from_millis(Credits::MAX.0), Some(Credits::MAX));
        assert!(serde_json::from_str::<Credits>("-1").is_err());
    }
}
