//! Adding periods to instants, with months, leap days, working weeks and changes of clocks.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::period::Period;

/// The calendar of a policy: its time zone, its working week and its holidays.
///
/// The rules, in the order in which they apply:
///
/// 1. Years and months are added first, together. The day of the month is kept; in a month without that day it becomes
///    the last one. One month after 31 January is 28 February, or 29 February in a leap year; one year after 29
///    February is 28 February.
/// 2. Calendar days are added next. Both keep the local time of day in the policy's time zone, so a day may last 23 or
///    25 hours.
/// 3. Business days come after them. Counting starts on the following day (as in Regulation (EEC) 1182/71, article 3)
///    and skips days off and holidays; the time of day is kept.
/// 4. A local time that the clocks skip, or show twice, has two readings. [`Calendar::at_the_latest`] takes the
///    earlier, for promises to have something gone or done, [`Calendar::at_the_earliest`] the later, for promises to
///    keep something: whatever a reader expects, the promise is kept.
/// 5. Hours, minutes and seconds are added last, as elapsed time.
///
/// Sums beyond the year 9999 saturate at its end.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    working: [bool; 7],
    holidays: Vec<Date>,
}

impl Calendar {
    /// A calendar for the time zone, working from Monday to Friday and without holidays.
    #[must_use]
    pub fn new(zone: TimeZone) -> Calendar {
        Calendar { zone, working: [true, true, true, true, true, false, false], holidays: Vec::new() }
    }

    /// The same calendar with these working days. If there are none, every day counts, so that counting terminates.
    #[must_use]
    pub fn with_workweek(mut self, days: &[Weekday]) -> Calendar {
        self.working = [days.is_empty(); 7];
        for day in days {
            self.working[usize::from(day.to_monday_zero_offset().unsigned_abs())] = true;
        }
        self
    }

    /// The same calendar with these days off.
    #[must_use]
    pub fn with_holidays(mut self, holidays: &[Date]) -> Calendar {
        self.holidays = holidays.to_vec();
        self.holidays.sort_unstable();
        self.holidays.dedup();
        self
    }

    /// The instant `period` after `from`, for a promise that something is gone or done by then.
    #[must_use]
    pub fn at_the_latest(&self, from: Timestamp, period: Period) -> Timestamp {
        self.add(from, period, false)
    }

    /// The instant `period` after `from`, for a promise that something is kept at least until then.
    #[must_use]
    pub fn at_the_earliest(&self, from: Timestamp, period: Period) -> Timestamp {
        self.add(from, period, true)
    }

    /// Whether people work on this day.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        self.works_on(date) && self.holidays.binary_search(&date).is_err()
    }

    fn add(&self, from: Timestamp, period: Period, later_reading: bool) -> Timestamp {
        let Period { months, days, business_days, seconds } = period;
        let start = if months == 0 && days == 0 && business_days == 0 {
            from
        } else {
            let local = self.zone.to_datetime(from);
            self.add_days(local.date(), period)
                .and_then(|date| {
                    let reading = self.zone.to_ambiguous_timestamp(DateTime::from_parts(date, local.time()));
                    if later_reading { reading.later().ok() } else { reading.earlier().ok() }
                })
                // Adding days never moves backwards, not even where the clocks do.
                .map_or(Timestamp::MAX, |instant| instant.max(from))
        };
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        start
            .as_second()
            .checked_add(seconds)
            .and_then(|second| Timestamp::new(second, start.subsec_nanosecond()).ok())
            .unwrap_or(Timestamp::MAX)
    }

    fn add_days(&self, date: Date, period: Period) -> Option<Date> {
        let span = Span::new().try_months(period.months).ok()?.try_days(period.days).ok()?;
        let mut date = date.checked_add(span).ok()?;
        let mut left = i64::from(period.business_days);
        // Whole weeks at once, or a promise of years would take a thousand times as long to compute as one of days. The
        // last day is always counted separately, because it must be a working day.
        let in_a_week = self.working.iter().filter(|working| **working).count().max(1);
        let in_a_week = i64::try_from(in_a_week).unwrap_or(1);
        while left > in_a_week {
            let weeks = (left - 1) / in_a_week;
            let later = date.checked_add(Span::new().try_days(weeks * 7).ok()?).ok()?;
            left -= weeks * in_a_week - self.days_off_between(date, later);
            date = later;
        }
        while left > 0 {
            date = date.tomorrow().ok()?;
            left -= i64::from(self.is_business_day(date));
        }
        Some(date)
    }

    /// Holidays on working days, after one day and up to another.
    fn days_off_between(&self, after: Date, until: Date) -> i64 {
        let from = self.holidays.partition_point(|holiday| *holiday <= after);
        let to = self.holidays.partition_point(|holiday| *holiday <= until);
        let off = self.holidays[from..to].iter().filter(|holiday| self.works_on(**holiday)).count();
        i64::try_from(off).unwrap_or(0)
    }

    fn works_on(&self, date: Date) -> bool {
        self.working[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails may panic")]
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Calendar {
        Calendar::new(TimeZone::get(name).unwrap())
    }

    fn latest(calendar: &Calendar, from: &str, period: &str) -> Timestamp {
        calendar.at_the_latest(at(from), period.parse().unwrap())
    }

    #[test]
    fn a_month_keeps_the_day_or_takes_the_last_one() {
        let utc = zone("UTC");
        for (from, period, to) in [
            ("2026-01-31T12:00Z", "1mo", "2026-02-28T12:00Z"),
            ("2028-01-31T12:00Z", "1mo", "2028-02-29T12:00Z"),
            ("2026-01-28T12:00Z", "1mo", "2026-02-28T12:00Z"),
            ("2026-03-31T12:00Z", "1mo", "2026-04-30T12:00Z"),
            ("2026-12-31T23:59:59Z", "2mo", "2027-02-28T23:59:59Z"),
            ("2028-02-29T00:00Z", "1y", "2029-02-28T00:00Z"),
            ("2028-02-29T00:00Z", "4y", "2032-02-29T00:00Z"),
            ("2026-01-31T12:00Z", "12mo", "2027-01-31T12:00Z"),
            // 2100 is no leap year.
            ("2099-02-28T00:00Z", "2d", "2099-03-02T00:00Z"),
            ("2096-02-29T00:00Z", "4y", "2100-02-28T00:00Z"),
        ] {
            assert_eq!(latest(&utc, from, period), at(to), "{from} + {period}");
        }
    }

    #[test]
    fn months_are_added_before_days_and_days_before_hours() {
        let utc = zone("UTC");
        // Days first would give 31 March + 1 month = 30 April.
        assert_eq!(latest(&utc, "2026-01-31T12:00Z", "1mo31d"), at("2026-03-31T12:00Z"));
        assert_eq!(latest(&utc, "2026-01-31T12:00Z", "7y90d"), at("2033-05-01T12:00Z"));
        assert_eq!(latest(&utc, "2026-01-31T23:00Z", "1mo2h"), at("2026-03-01T01:00Z"));
    }

    #[test]
    fn a_day_may_last_23_or_25_hours_but_24_hours_never_do() {
        let berlin = zone("Europe/Berlin");
        // Clocks go forward on 29 March 2026 and back on 25 October.
        assert_eq!(latest(&berlin, "2026-03-28T11:00Z", "1d"), at("2026-03-29T10:00Z"));
        assert_eq!(latest(&berlin, "2026-03-28T11:00Z", "24h"), at("2026-03-29T11:00Z"));
        assert_eq!(latest(&berlin, "2026-10-24T10:00Z", "1d"), at("2026-10-25T11:00Z"));
        assert_eq!(latest(&berlin, "2026-10-24T10:00Z", "24h"), at("2026-10-25T10:00Z"));
    }

    #[test]
    fn a_skipped_or_repeated_time_of_day_is_read_so_that_the_promise_holds() {
        let berlin = zone("Europe/Berlin");
        let day = Period::days(1);
        // 02:30 on 29 March does not exist: it is 01:30 or 03:30.
        let skipped = at("2026-03-28T01:30Z");
        assert_eq!(berlin.at_the_latest(skipped, day), at("2026-03-29T00:30Z"));
        assert_eq!(berlin.at_the_earliest(skipped, day), at("2026-03-29T01:30Z"));
        // 02:30 on 25 October is there twice.
        let twice = at("2026-10-24T00:30Z");
        assert_eq!(berlin.at_the_latest(twice, day), at("2026-10-25T00:30Z"));
        assert_eq!(berlin.at_the_earliest(twice, day), at("2026-10-25T01:30Z"));
    }

    #[test]
    fn the_day_is_the_one_in_the_time_zone_of_the_policy() {
        // Already 1 February in Auckland, so that one month later is 1 March there.
        assert_eq!(latest(&zone("Pacific/Auckland"), "2026-01-31T12:00Z", "1mo"), at("2026-02-28T12:00Z"));
        assert_eq!(latest(&zone("America/New_York"), "2026-02-01T03:00Z", "1mo"), at("2026-03-01T03:00Z"));
        // Samoa left out 30 December 2011: both readings of its noon are a day apart, as the sun goes.
        assert_eq!(latest(&zone("Pacific/Apia"), "2011-12-29T22:00Z", "1d"), at("2011-12-29T22:00Z"));
    }

    #[test]
    fn business_days_begin_with_the_next_and_pass_over_days_off() {
        let plain = zone("UTC");
        // Friday 3 April 2026; NexImage answers within seven business days.
        assert_eq!(latest(&plain, "2026-04-03T16:00Z", "7bd"), at("2026-04-14T16:00Z"));
        // From a Saturday, Monday is the first.
        assert_eq!(latest(&plain, "2026-04-04T16:00Z", "1bd"), at("2026-04-06T16:00Z"));
        assert_eq!(latest(&plain, "2026-04-06T16:00Z", "5bd"), at("2026-04-13T16:00Z"));
        // Easter Monday off: one day more.
        let easter = plain.clone().with_holidays(&[jiff::civil::date(2026, 4, 6)]);
        assert_eq!(latest(&easter, "2026-04-03T16:00Z", "7bd"), at("2026-04-15T16:00Z"));
        // A holiday on a Sunday changes nothing.
        let sunday = plain.clone().with_holidays(&[jiff::civil::date(2026, 4, 5)]);
        assert_eq!(latest(&sunday, "2026-04-03T16:00Z", "7bd"), at("2026-04-14T16:00Z"));
        // A week from Sunday to Thursday.
        let gulf = plain.with_workweek(&[
            Weekday::Sunday,
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
        ]);
        assert_eq!(latest(&gulf, "2026-04-02T16:00Z", "1bd"), at("2026-04-05T16:00Z"));
    }

    /// Whole weeks are passed over at once: that must come to the same as going from day to day.
    #[test]
    fn many_business_days_are_the_same_as_one_after_the_other() {
        let holidays: Vec<Date> =
            ["2026-04-03", "2026-04-06", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26", "2027-01-01"]
                .map(|day| day.parse().unwrap())
                .to_vec();
        let weeks: [&[Weekday]; 4] = [
            &[Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday],
            &[Weekday::Sunday, Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday],
            &[Weekday::Friday],
            &[],
        ];
        for (week, off) in weeks.iter().flat_map(|week| [&[][..], &holidays].map(|off| (week, off))) {
            let calendar = zone("UTC").with_workweek(week).with_holidays(off);
            for start in 1..=9 {
                let from = jiff::civil::date(2026, 4, start);
                let (mut date, mut counted) = (from, 0);
                while counted < 300 {
                    date = date.tomorrow().unwrap();
                    if calendar.is_business_day(date) {
                        counted += 1;
                        let period: Period = format!("{counted}bd").parse().unwrap();
                        assert_eq!(calendar.add_days(from, period), Some(date), "{from} + {period}, {week:?}, {off:?}");
                    }
                }
            }
        }
        // Centuries take no longer than days; all of them are there.
        let years = latest(&zone("UTC"), "2026-04-03T16:00Z", "26090bd");
        assert_eq!(years, at("2126-04-05T16:00Z"));
    }

    #[test]
    fn nothing_goes_beyond_the_calendar() {
        let utc = zone("UTC");
        assert_eq!(utc.at_the_latest(Timestamp::MAX, Period::days(1)), Timestamp::MAX);
        assert_eq!(utc.at_the_earliest(Timestamp::MAX, Period::seconds(1)), Timestamp::MAX);
        assert_eq!(latest(&utc, "9990-01-01T00:00Z", "200y"), Timestamp::MAX);
        assert_eq!(latest(&utc.with_workweek(&[]), "2026-04-03T16:00Z", "1bd"), at("2026-04-04T16:00Z"));
    }
}
