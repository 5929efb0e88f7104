//! Throughput, and remaining time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The time window of the rate: long enough to smooth out one slow photo.
const WINDOW: Duration = Duration::from_secs(30);
/// The rate counts at most this many photos within the window.
const MOST: usize = 1000;

/// Times at which the latest photos were finished.
pub(super) struct Pace {
    finished: VecDeque<Instant>,
}

impl Pace {
    pub(super) fn start(now: Instant) -> Self {
        Self { finished: VecDeque::from([now]) }
    }

    /// Records that a photo was made, not skipped or resumed.
    pub(super) fn tick(&mut self, now: Instant) {
        self.finished.push_back(now);
        // The oldest one begins the measured interval: at least one always stays.
        while self.finished.len() > 2
            && (self.finished.len() > MOST || self.finished.front().is_some_and(|first| now - *first > WINDOW))
        {
            self.finished.pop_front();
        }
    }

    /// Photos per second; 0 before the first one.
    pub(super) fn rate(&self) -> f64 {
        let (Some(first), Some(last)) = (self.finished.front(), self.finished.back()) else { return 0.0 };
        let seconds = (*last - *first).as_secs_f64();
        if seconds > 0.0 { (self.finished.len() - 1) as f64 / seconds } else { 0.0 }
    }

    /// Estimated seconds for `photos` more photos.
    pub(super) fn left(&self, photos: u64) -> Option<f64> {
        let rate = self.rate();
        (rate > 0.0).then(|| photos as f64 / rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_half_minute() {
        let begin = Instant::now();
        let mut pace = Pace::start(begin);
        assert_eq!((pace.rate(), pace.left(5)), (0.0, None));
        for second in 1..=60 {
            pace.tick(begin + Duration::from_secs(second));
        }
        assert!((pace.rate() - 1.0).abs() < 1e-9);
        // Ten times as fast for half a minute: the slow time is forgotten.
        for tenth in 1..=320 {
            pace.tick(begin + Duration::from_secs(60) + Duration::from_millis(100 * tenth));
        }
        assert!((pace.rate() - 10.0).abs() < 1e-6, "{}", pace.rate());
        assert!((pace.left(50).unwrap() - 5.0).abs() < 1e-5);
    }
}
