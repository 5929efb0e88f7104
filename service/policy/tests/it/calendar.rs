//! Sums of dates against another implementation: `tables/calendar.txt` comes from Python's `datetime` and `zoneinfo`.

use crate::known::{instant, vectors};
use packshot_policy::{Calendar, Policy, Preset};

/// Counts as a policy with these working days and holidays does.
fn calendar(zone: &str, workweek: &str, holidays: &str) -> Calendar {
    let mut policy: Policy = Preset::named("neximage").unwrap().policy().unwrap();
    policy.about.timezone = jiff::tz::TimeZone::get(zone).unwrap();
    let day = |name: &str| {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let place = names.iter().position(|known| *known == name).unwrap();
        jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(place).unwrap()).unwrap()
    };
    if workweek != "-" {
        policy.about.workweek = workweek.split(' ').map(day).collect();
    }
    if holidays != "-" {
        policy.about.holidays = holidays.split(' ').map(|date| date.parse().unwrap()).collect();
    }
    policy.calendar()
}

#[test]
fn sums_agree_with_another_calendar_to_the_second() {
    let (mut count, mut twofold, mut wrong) = (0, 0, Vec::new());
    for vector in vectors(include_str!("../tables/calendar.txt")) {
        let [zone, from, period, latest, earliest, workweek, holidays] = vector.cells[..] else {
            panic!("{} has other columns", vector.line)
        };
        let calendar = calendar(zone, workweek, holidays);
        let period = period.parse().unwrap();
        let sums = (calendar.at_the_latest(instant(from), period), calendar.at_the_earliest(instant(from), period));
        if sums != (instant(latest), instant(earliest)) {
            wrong.push(format!("{}\n    {sums:?}", vector.line));
        }
        count += 1;
        twofold += usize::from(latest != earliest);
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((count, twofold), (764, 230));
}
