//! Privacy policies: a sweep asks about every record that a service holds.

use super::{side, unjudged};
use crate::place::Place;
use crate::row::{Figure, Limit, Row};
use crate::serve::Fault;
use crate::work::RECORDS;

const VIOLATIONS: &str = "violations";
const NO_VIOLATION: [Limit; 1] = [Limit::Figure(VIOLATIONS, 0.0)];

const SUM: &str = "one sum of days a record";
/// Two microseconds a record; ten million records a minute would allow six.
const MOST_MILLIS: f64 = 2.0 * RECORDS as f64 / 1000.0;

/// Three years of a million accounts, and of a hundredth of them: the memory must be the same.
pub(super) fn simulate(place: &Place) -> Result<Row, Fault> {
    let living = |name, accounts| side(name, place.codec(false, &["policy-simulate", accounts]), NO_VIOLATION);
    Ok(Row {
        title: "accounts that live for three years under a policy, one core".to_owned(),
        sides: vec![living("10,000 accounts", "10000"), living("1,000,000 accounts", "1000000")],
        judge: Box::new(|answer| {
            let (&[violations, made], []) = answer.as_chunks() else { return Err("it is not two counts".into()) };
            Ok(vec![
                Figure::new(VIOLATIONS, u64::from_le_bytes(violations) as f64, 0, ""),
                Figure::new("records", u64::from_le_bytes(made) as f64 / 1e6, 2, " million"),
            ])
        }),
    })
}

/// A million records of the five presets. The base is one sum of days a record with the same calendar.
pub(super) fn answer(place: &Place) -> Result<Row, Fault> {
    let sides = vec![
        unjudged(SUM, place.codec(false, &["policy-sum"])),
        side(
            "packshot",
            place.codec(false, &["policy-answer", "UTC"]),
            [Limit::Millis(MOST_MILLIS), Limit::Ratio(6.0, SUM)],
        ),
        side(
            "packshot, where clocks change",
            place.codec(false, &["policy-answer", "Europe/Berlin"]),
            [Limit::Millis(MOST_MILLIS)],
        ),
    ];
    Ok(Row {
        title: format!("retention of {:.0} million records under five policies, one core", RECORDS as f64 / 1e6),
        sides,
        judge: Box::new(|answer| {
            let count = u64::from_le_bytes(answer.try_into().map_err(|_| "it is no count")?);
            Ok(vec![Figure::new("records that end", count as f64 / RECORDS as f64 * 100.0, 1, " %")])
        }),
    })
}
