//! The time of the service.

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Time(i64);

impl Time {
    /// The moment so many microseconds after the start of 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, period: Duration) -> Self {
        Self(self.0.saturating_add(micros(period)))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;

    fn sub(self, period: Duration) -> Self {
        Self(self.0.saturating_sub(micros(period)))
    }
}

fn micros(period: Duration) -> i64 {
    i64::try_from(period.as_micros()).unwrap_or(i64::MAX)
}

/// Tells the time: that of the machine, or one that tests move. Clones share it.
#[derive(Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `time` until [`Clock::set`] or [`Clock::advance`] moves it.
    #[must_use]
    pub fn stopped_at(time: Time) -> Self {
        Self(Some(Arc::new(AtomicI64::new(time.0))))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        match &self.0 {
            Some(time) => Time(time.load(Ordering::Acquire)),
            None => Time(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros)),
        }
    }

    /// Moves a stopped clock. `false`, and no change, for the clock of the machine.
    pub fn set(&self, to: Time) -> bool {
        self.0.as_ref().map(|time| time.store(to.0, Ordering::Release)).is_some()
    }

    /// Moves a stopped clock forward. `false`, and no change, for the clock of the machine.
    pub fn advance(&self, period: Duration) -> bool {
        self.0.as_ref().map(|time| time.fetch_add(micros(period), Ordering::AcqRel)).is_some()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(stopped)" } else { "Clock(system)" })
    }
}
