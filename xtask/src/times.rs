//! How long the steps of `cargo xtask test` may be expected to take, from the table in `docs/ci.md`. Machines differ, so
//! nothing ever fails for being slow; the summary says it.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use crate::files;

/// Seconds by the name of a step.
#[derive(Default)]
pub(crate) struct Times(BTreeMap<String, Duration>);

impl Times {
    /// The table of the repository; an empty one where it cannot be read.
    pub(crate) fn read() -> Self {
        fs::read_to_string(files::root().join("docs/ci.md")).map(|text| Self::parse(&text)).unwrap_or_default()
    }

    fn parse(text: &str) -> Self {
        let row = |line: &str| {
            let (name, seconds) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
            Some((name.trim().to_owned(), Duration::from_secs(seconds.trim().parse().ok()?)))
        };
        Self(text.lines().filter_map(row).collect())
    }

    pub(crate) fn of(&self, step: &str) -> Option<Duration> {
        self.0.get(step).copied()
    }

    /// What the table says, if the step took more than one and a half times as long; a few seconds are never worth a word.
    pub(crate) fn exceeded(&self, step: &str, took: Duration) -> Option<Duration> {
        self.of(step).filter(|usual| took > usual.mul_f64(1.5) && took > *usual + Duration::from_secs(5))
    }
}

/// A row of the table.
pub(crate) fn row(step: &str, took: Duration) -> String {
    format!("| {step} | {:.0} |\n", took.as_secs_f64())
}

/// `4.2 s` or `2 min 05 s`.
pub(crate) fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_the_rest_of_the_page_is_not() {
        let seconds = Duration::from_secs;
        let text =
            format!("# CI\n| step | seconds |\n|---|---:|\n{}{}", row("tests", seconds(90)), row("a: b", seconds(2)));
        let times = Times::parse(&text);
        assert_eq!(times.0.len(), 2);
        assert_eq!(times.of("tests"), Some(seconds(90)));
        assert_eq!(times.exceeded("tests", seconds(136)), Some(seconds(90)));
        assert_eq!(times.exceeded("tests", seconds(135)), None);
        assert_eq!(times.exceeded("a: b", seconds(6)), None, "a matter of seconds");
        assert_eq!(times.exceeded("not in the table", seconds(600)), None);
    }

    #[test]
    fn times_are_in_minutes_from_a_minute_on() {
        assert_eq!(in_words(Duration::from_millis(4_160)), "4.2 s");
        assert_eq!(in_words(Duration::from_millis(59_960)), "1 min 00 s");
        assert_eq!(in_words(Duration::from_secs(125)), "2 min 05 s");
    }
}
