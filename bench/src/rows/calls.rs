//! Calls that come at once: how many photos a second, and how long one takes from the start of its call to its file.

use super::side;
use crate::place::{Place, text};
use crate::row::{Figure, Limit, Row};
use crate::serve::Fault;
use crate::work::CALLS;

/// Calls that come at once must not take longer than the same calls one after the other.
const MOST: Limit = Limit::Ratio(1.0, "1 at a time");

pub(super) fn at_once(place: &Place, megapixels: f64) -> Result<Row, Fault> {
    let photo = text(&place.inputs.product(megapixels)?.photo);
    let calls = |callers: &str, workers: &str| place.codec(false, &["calls", &photo, callers, workers]);
    let sides = vec![
        side("1 at a time", calls("1", "default"), []),
        side("8 at once", calls("8", "default"), [MOST]),
        side("64 at once", calls("64", "default"), [MOST]),
        side("64 at once, 64 workers", calls("64", "64"), []),
    ];
    let judge = Box::new(|answer: &[u8]| {
        let times: Result<Vec<f64>, _> = String::from_utf8_lossy(answer).lines().map(str::parse).collect();
        let mut times = times?.into_iter();
        figures(times.next().ok_or("it is empty")?, times.collect())
    });
    Ok(Row { title: format!("{CALLS} calls: {megapixels} MP to JPEG on white, embedded net, rten"), sides, judge })
}

/// Of the milliseconds of a round, and of each call in it.
fn figures(round: f64, mut times: Vec<f64>) -> Result<Vec<Figure>, Fault> {
    if times.len() != CALLS {
        return Err(format!("{} of {CALLS} calls were answered", times.len()).into());
    }
    times.sort_by(f64::total_cmp);
    let percentile = |percent: usize| times[(CALLS * percent).div_ceil(100) - 1];
    let throughput = Figure::new("throughput", CALLS as f64 * 1000.0 / round, 1, " photos/s");
    Ok(vec![throughput, Figure::new("p50", percentile(50), 0, " ms"), Figure::new("p95", percentile(95), 0, " ms")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_calls_take_no_longer_than_the_p50() {
        let times = (1..=CALLS).rev().map(|time| time as f64).collect();
        let values: Vec<_> = figures(8000.0, times).unwrap().iter().map(|figure| figure.value).collect();
        assert_eq!(values, [8.0, 32.0, 61.0]);
        assert!(figures(8000.0, vec![1.0]).is_err());
    }
}
