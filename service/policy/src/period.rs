//! Periods as in policies: `24h`, `30d`, `7bd`, `12mo`, `7y90d`.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

/// Longer than any promise, and short enough that sums stay within the calendar.
const MOST_YEARS: u64 = 200;
const DAY: u64 = 86_400;

/// A period of time in its original units, because a month is not thirty days and a day is not always 24 hours.
///
/// | unit | meaning |
/// |---|---|
/// | `s` `m` `h` | exact elapsed seconds, whatever changes of clocks happen meanwhile |
/// | `d` | calendar days: the same local time, that many days later, in the policy's time zone |
/// | `bd` | business days: days of the policy's working week that are not holidays, starting with the next one |
/// | `mo` `y` | calendar months and years: the same day of the month, or the month's last day if it has no such day |
///
/// [`Calendar`](crate::Calendar) adds periods to instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    pub(crate) months: u32,
    pub(crate) days: u32,
    pub(crate) business_days: u32,
    pub(crate) seconds: u64,
}

/// Why a text is not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// Not a number followed by a unit.
    #[error("is not a number and a unit")]
    Malformed,
    /// An unknown unit.
    #[error("has a unit other than y, mo, bd, d, h, m, s")]
    Unit,
    /// Units out of order, or repeated.
    #[error("must have its units from the longest to the shortest, each once")]
    Order,
    /// Beyond 200 years.
    #[error("is longer than 200 years")]
    TooLong,
}

const UNITS: [&str; 7] = ["y", "mo", "bd", "d", "h", "m", "s"];

impl Period {
    /// A period of exact seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Period {
        Period { months: 0, days: 0, business_days: 0, seconds }
    }

    /// A period of calendar days.
    #[must_use]
    pub const fn days(days: u32) -> Period {
        Period { months: 0, days, business_days: 0, seconds: 0 }
    }

    /// A period of calendar months.
    #[must_use]
    pub const fn months(months: u32) -> Period {
        Period { months, days: 0, business_days: 0, seconds: 0 }
    }

    /// The sum of two periods, unit by unit.
    #[must_use]
    pub const fn plus(self, other: Period) -> Period {
        Period {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            business_days: self.business_days.saturating_add(other.business_days),
            seconds: self.seconds.saturating_add(other.seconds),
        }
    }

    /// The difference to `shorter`, unit by unit; `None` if a unit would be negative.
    #[must_use]
    pub const fn minus(self, shorter: Period) -> Option<Period> {
        let Some(months) = self.months.checked_sub(shorter.months) else { return None };
        let Some(days) = self.days.checked_sub(shorter.days) else { return None };
        let Some(business_days) = self.business_days.checked_sub(shorter.business_days) else { return None };
        let Some(seconds) = self.seconds.checked_sub(shorter.seconds) else { return None };
        Some(Period { months, days, business_days, seconds })
    }

    /// Whether it is empty.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Period::default()
    }

    /// The longest that it can last: months of 31 days, an hour for a change of clocks, and business days as in
    /// [`Period::always_shorter_than`].
    pub(crate) fn longest(self) -> SignedDuration {
        let business_days = if self.business_days == 0 { 0 } else { i64::from(self.business_days) * 2 + 7 };
        let days = i64::from(self.months) * 31 + i64::from(self.days) + business_days;
        let change_of_clocks = if days == 0 { 0 } else { 3_600 };
        SignedDuration::from_secs(days * DAY.cast_signed() + change_of_clocks + self.seconds.cast_signed())
    }

    /// The most seconds that it can last.
    #[must_use]
    pub fn most_seconds(self) -> u64 {
        self.longest().as_secs().unsigned_abs()
    }

    /// Whether `self` ends before `other`, from whatever instant both are counted: in February as in July, over a
    /// change of clocks, and with a week of holidays.
    #[must_use]
    pub fn always_shorter_than(self, other: Period) -> bool {
        let months = i64::from(other.months) - i64::from(self.months);
        let days = i64::from(other.days) - i64::from(self.days);
        let business = i64::from(other.business_days) - i64::from(self.business_days);
        let seconds = other.seconds.cast_signed() - self.seconds.cast_signed();
        // The smallest possible difference: a month has at least 28 days in `other`, and at most 31 in `self`. A
        // business day is at least one day in `other`; in `self`, half of the days may be off, and a week besides.
        let month_days = if months >= 0 { months / 12 * 365 + months % 12 * 28 } else { months * 31 };
        let business_days = if business >= 0 { business } else { business * 2 - 7 };
        let all_days = days + month_days + business_days;
        // A day may lack an hour when clocks change, so a difference in days alone still has 23 of its hours.
        let calendar = self.seconds == 0 && other.seconds == 0;
        let change_of_clocks = if calendar || all_days == 0 { 0 } else { 3_600 };
        all_days * DAY.cast_signed() + seconds > change_of_clocks
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let mut period = Period::default();
        let mut next_unit = 0;
        let mut rest = text;
        if rest.is_empty() {
            return Err(PeriodError::Malformed);
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at(digits);
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at(letters);
            if number.is_empty() || unit.is_empty() {
                return Err(PeriodError::Malformed);
            }
            let number: u64 = number.parse().map_err(|_| PeriodError::TooLong)?;
            let place = UNITS.iter().position(|known| *known == unit).ok_or(PeriodError::Unit)?;
            if place < next_unit {
                return Err(PeriodError::Order);
            }
            next_unit = place + 1;
            period.add(place, number)?;
            rest = after;
        }
        Ok(period)
    }
}

impl Period {
    fn add(&mut self, place: usize, number: u64) -> Result<(), PeriodError> {
        let within = |number: u64, most: u64| {
            if number > most { Err(PeriodError::TooLong) } else { Ok(number) }
        };
        let small = |number: u64, most: u64| {
            within(number, most).and_then(|number| u32::try_from(number).map_err(|_| PeriodError::TooLong))
        };
        let days = MOST_YEARS * 366;
        match place {
            0 => self.months += small(number, MOST_YEARS)? * 12,
            1 => self.months += small(number, MOST_YEARS * 12)?,
            2 => self.business_days = small(number, days)?,
            3 => self.days = small(number, days)?,
            4 => self.seconds += within(number, days * 24)? * 3_600,
            5 => self.seconds += within(number, days * 24 * 60)? * 60,
            _ => self.seconds += within(number, days * DAY)?,
        }
        Ok(())
    }
}

impl fmt::Display for Period {
    /// The shortest text that reads back as this period.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (u64::from(self.months / 12), "y"),
            (u64::from(self.months % 12), "mo"),
            (u64::from(self.business_days), "bd"),
            (u64::from(self.days), "d"),
            (self.seconds / 3_600, "h"),
            (self.seconds / 60 % 60, "m"),
            (self.seconds % 60, "s"),
        ];
        for (number, unit) in parts {
            if number > 0 {
                write!(f, "{number}{unit}")?;
            }
        }
        if self.is_zero() { f.write_str("0s") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn every_unit_is_read_and_written_back() {
        for text in ["24h", "30d", "7bd", "1y", "11mo", "7y90d", "59s", "45m", "1y2mo3bd4d5h6m7s", "0s"] {
            assert_eq!(period(text).to_string(), text);
        }
        assert_eq!(period("12mo"), period("1y"));
        assert_eq!(period("90m").to_string(), "1h30m");
    }

    #[test]
    fn what_is_no_period_says_why() {
        for (text, why) in [
            ("", PeriodError::Malformed),
            ("30", PeriodError::Malformed),
            ("d", PeriodError::Malformed),
            ("30 d", PeriodError::Malformed),
            ("-1d", PeriodError::Malformed),
            ("30days", PeriodError::Unit),
            ("1w", PeriodError::Unit),
            ("1h1d", PeriodError::Order),
            ("1d1d", PeriodError::Order),
            ("201y", PeriodError::TooLong),
            ("99999999999999999999s", PeriodError::TooLong),
        ] {
            assert_eq!(text.parse::<Period>(), Err(why), "{text}");
        }
    }

    #[test]
    fn shorter_means_shorter_from_every_instant() {
        for (shorter, longer) in [
            ("30d", "31d"),
            ("7y", "7y90d"),
            ("20h", "24h"),
            ("30d", "12mo"),
            ("27d", "1mo"),
            ("24h", "2d"),
            ("7bd", "1mo"),
        ] {
            assert!(period(shorter).always_shorter_than(period(longer)), "{shorter} {longer}");
            assert!(!period(longer).always_shorter_than(period(shorter)), "{longer} {shorter}");
        }
        for (one, other) in [("30d", "1mo"), ("28d", "1mo"), ("24h", "1d"), ("30d", "30d"), ("5bd", "7d")] {
            assert!(!period(one).always_shorter_than(period(other)), "{one} {other}");
        }
    }
}
