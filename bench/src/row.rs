//! A row of the table: one job, and the sides that do it.

use crate::serve::Fault;
use crate::side::Launch;

/// One job done by several.
pub(crate) struct Row {
    /// What is done, for people.
    pub(crate) title: String,
    pub(crate) sides: Vec<Contender>,
    /// What an answer is worth.
    pub(crate) judge: Judge,
}

/// How good an answer is.
pub(crate) type Judge = Box<dyn Fn(&[u8]) -> Result<Vec<Figure>, Fault>>;

/// A side before the race.
pub(crate) struct Contender {
    pub(crate) name: String,
    /// Why not, if it cannot run.
    pub(crate) launch: Result<Launch, String>,
    /// Whether the row's judge can read its answer.
    pub(crate) judged: bool,
    pub(crate) limits: Vec<Limit>,
}

/// Something about the quality of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) decimals: usize,
    pub(crate) unit: &'static str,
}

impl Figure {
    pub(crate) fn new(name: &'static str, value: f64, decimals: usize, unit: &'static str) -> Self {
        Self { name, value, decimals, unit }
    }
}

/// What a side must reach.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Limit {
    /// At most so many times as long as another side of the row.
    Ratio(f64, &'static str),
    /// At most so many milliseconds.
    Millis(f64),
    /// A figure of its answer is at most this.
    Figure(&'static str, f64),
    /// At least so many times as fast as another side, with a figure that is at most the other's.
    Faster(f64, &'static str, &'static str),
}

/// A side after the race.
pub(crate) struct Finish {
    pub(crate) name: String,
    pub(crate) result: Result<Measured, String>,
    pub(crate) limits: Vec<Limit>,
}

pub(crate) struct Measured {
    /// Of each round, in seconds, without the first one, which warms up.
    pub(crate) seconds: Vec<f64>,
    /// Bytes.
    pub(crate) peak: Option<u64>,
    pub(crate) figures: Vec<Figure>,
}

impl Measured {
    /// In milliseconds.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
            _ => sorted[middle],
        };
        median * 1000.0
    }

    /// The distance of the slowest round from the fastest, as a share of the median.
    pub(crate) fn spread(&self) -> f64 {
        let slowest = self.seconds.iter().copied().fold(0.0, f64::max);
        let fastest = self.seconds.iter().copied().fold(f64::MAX, f64::min);
        (slowest - fastest) * 1000.0 / self.median()
    }

    pub(crate) fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }
}

/// Whether a side reached a limit; the words name what was reached and what was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) met: Option<bool>,
    pub(crate) words: String,
}

impl Limit {
    /// `None` where what it compares with is missing.
    pub(crate) fn verdict(&self, mine: &Measured, all: &[Finish]) -> Verdict {
        let other = |name: &str| {
            let finish = all.iter().find(|finish| finish.name == name)?;
            finish.result.as_ref().ok()
        };
        let (met, words) = match self {
            Self::Ratio(most, than) => match other(than) {
                None => (None, format!("at most {most} x {than}, which is missing")),
                Some(other) => {
                    let ratio = mine.median() / other.median();
                    (Some(ratio <= *most), format!("{ratio:.2} x {than}, at most {most}"))
                }
            },
            Self::Millis(most) => {
                (Some(mine.median() <= *most), format!("{} ms, at most {most}", digits(mine.median())))
            }
            Self::Figure(name, most) => match mine.figure(name) {
                None => (None, format!("{name}, at most {most}: not measured")),
                Some(figure) => (
                    Some(figure.value <= *most),
                    format!("{name} {:.*}, at most {most}", figure.decimals, figure.value),
                ),
            },
            Self::Faster(times, than, figure) => match other(than) {
                None => (None, format!("{times} x as fast as {than}, which is missing")),
                Some(other) => {
                    let speed = other.median() / mine.median();
                    let no_worse = match (mine.figure(figure), other.figure(figure)) {
                        (Some(mine), Some(theirs)) => mine.value <= theirs.value,
                        _ => false,
                    };
                    let quality = if no_worse { "no worse" } else { "worse" };
                    let words = format!("{speed:.1} x as fast as {than} at {quality} {figure}, at least {times}");
                    (Some(speed >= *times && no_worse), words)
                }
            },
        };
        Verdict { met, words }
    }
}

/// Three digits or all before the point.
pub(crate) fn digits(value: f64) -> String {
    match value {
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(seconds: &[f64], error: f64) -> Measured {
        Measured { seconds: seconds.to_vec(), peak: None, figures: vec![Figure::new("MSE", error, 4, "")] }
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        assert_eq!(measured(&[0.003, 0.001, 0.002], 0.0).median(), 2.0);
        assert_eq!(measured(&[0.004, 0.001, 0.002, 0.003], 0.0).median(), 2.5);
    }

    #[test]
    fn limits_are_met_or_missed_or_open() {
        let peer = Finish { name: "peer".to_owned(), result: Ok(measured(&[1.0], 0.5)), limits: Vec::new() };
        let all = [peer];
        let mine = measured(&[0.2], 0.4);
        let met = |limit: Limit| limit.verdict(&mine, &all).met;
        assert_eq!(met(Limit::Ratio(0.2, "peer")), Some(true));
        assert_eq!(met(Limit::Ratio(0.1, "peer")), Some(false));
        assert_eq!(met(Limit::Ratio(0.1, "nobody")), None);
        assert_eq!(met(Limit::Millis(199.0)), Some(false));
        assert_eq!(met(Limit::Figure("MSE", 0.4)), Some(true));
        assert_eq!(met(Limit::Figure("SAD", 0.4)), None);
        assert_eq!(met(Limit::Faster(5.0, "peer", "MSE")), Some(true));
        let worse = measured(&[0.2], 0.6);
        assert_eq!(Limit::Faster(5.0, "peer", "MSE").verdict(&worse, &all).met, Some(false));
    }
}
