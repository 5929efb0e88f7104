//! Periods, instants and events in words, for all texts.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clause::Clause;
use crate::period::Period;
use crate::words::Clock;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `1 February 2026`.
pub(crate) fn day(date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// `1 February 2026, 12:00 UTC`; with seconds if there are any.
pub(crate) fn instant(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    let mut text = format!("{}, {:02}:{:02}", day(local.date()), local.hour(), local.minute());
    if local.second() != 0 {
        let _ = write!(text, ":{:02}", local.second());
    }
    let _ = write!(text, " {}", zone.to_offset_info(at).abbreviation());
    text
}

impl Period {
    /// In words: `24 hours`, `7 years and 90 days`, `12 months`, `7 business days`.
    #[must_use]
    pub fn in_words(self) -> String {
        let (mut years, mut months) = (self.months / 12, self.months % 12);
        // "12 months" and "24 months" are common; years are used for longer or whole periods.
        if years <= 2 && (years != 1 || months != 0) {
            (years, months) = (0, self.months);
        }
        if self.months == 12 {
            (years, months) = (0, 12);
        }
        let (hours, minutes, seconds) = (self.seconds / 3_600, self.seconds / 60 % 60, self.seconds % 60);
        let parts = [
            (u64::from(years), "year"),
            (u64::from(months), "month"),
            (u64::from(self.business_days), "business day"),
            (u64::from(self.days), "day"),
            (hours, "hour"),
            (minutes, "minute"),
            (seconds, "second"),
        ];
        let mut words: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, unit)| format!("{number} {unit}{}", if *number == 1 { "" } else { "s" }))
            .collect();
        match words.pop() {
            None => "no time at all".to_owned(),
            Some(last) if words.is_empty() => last,
            Some(last) => format!("{} and {last}", words.join(", ")),
        }
    }
}

impl Clock {
    /// The event in words, to follow "after": `the upload`, `you delete it`.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Clock::UploadedAt => "the upload",
            Clock::CreatedAt => "it was made",
            Clock::StartedAt => "it was started",
            Clock::ProcessingEndedAt => "the job ends",
            Clock::DeletedByUserAt => "you delete it",
            Clock::AccountClosedAt => "you close your account",
            Clock::IssuedAt => "it was issued",
            Clock::RecordedAt => "it was recorded",
            Clock::ConsentWithdrawnAt => "you withdraw your consent",
            Clock::RequestClosedAt => "your request is answered",
            Clock::ErasureRequestedAt => "you ask for erasure",
        }
    }
}

/// ` (NARPIX-1.2d, NARPIX-4.1a)`, each once and in order; empty if there is none.
pub(crate) fn clauses<'c>(clauses: impl Iterator<Item = &'c Clause>) -> String {
    let mut known: Vec<&str> = Vec::new();
    for clause in clauses {
        if !known.contains(&clause.as_str()) {
            known.push(clause.as_str());
        }
    }
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
    use super::*;

    #[test]
    fn periods_read_as_people_say_them() {
        for (period, words) in [
            ("24h", "24 hours"),
            ("1h", "1 hour"),
            ("60s", "1 minute"),
            ("30d", "30 days"),
            ("7bd", "7 business days"),
            ("12mo", "12 months"),
            ("1y", "12 months"),
            ("24mo", "24 months"),
            ("7y", "7 years"),
            ("7y90d", "7 years and 90 days"),
            ("38mo", "3 years and 2 months"),
            ("14mo1d", "14 months and 1 day"),
            ("1mo2d3h", "1 month, 2 days and 3 hours"),
            ("0d", "no time at all"),
        ] {
            assert_eq!(period.parse::<Period>().unwrap().in_words(), words, "{period}");
        }
    }

    #[test]
    fn instants_are_told_in_the_policys_own_time() {
        let at: Timestamp = "2026-07-31T22:30:05Z".parse().unwrap();
        assert_eq!(instant(at, &TimeZone::UTC), "31 July 2026, 22:30:05 UTC");
        assert_eq!(instant(at, &TimeZone::get("Europe/Berlin").unwrap()), "1 August 2026, 00:30:05 CEST");
    }
}
