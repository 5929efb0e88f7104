//! The time of the service.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use packshot_api::service::Time;

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
        Self(Some(Arc::new(AtomicI64::new(time.as_micros()))))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Time {
        match &self.0 {
            Some(time) => Time::from_micros(time.load(Ordering::Acquire)),
            None => Time::from_micros(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, micros)),
        }
    }

    /// Moves a stopped clock. `false`, and no change, for the clock of the machine.
    pub fn set(&self, to: Time) -> bool {
        self.0.as_ref().map(|time| time.store(to.as_micros(), Ordering::Release)).is_some()
    }

    /// Moves a stopped clock forward. `false`, and no change, for the clock of the machine.
    pub fn advance(&self, period: Duration) -> bool {
        self.0.as_ref().map(|time| time.fetch_add(micros(period), Ordering::AcqRel)).is_some()
    }
}

fn micros(period: Duration) -> i64 {
    i64::try_from(period.as_micros()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(stopped)" } else { "Clock(system)" })
    }
}
