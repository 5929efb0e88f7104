//! Time, as the client sees it.

use std::time::{Duration, Instant, SystemTime};

use super::host::BoxFuture;

/// What time it is, and how to wait. Tests give a [`Client`](super::Client) a clock of their own.
pub trait Clock: Send + Sync {
    /// A moment of a clock that never goes back: deadlines are measured with it.
    fn now(&self) -> Instant;

    /// The time of day. A device may have it wrong: nothing depends on it but a `Retry-After` that is a date, in an
    /// answer without a date of its own.
    fn time_of_day(&self) -> SystemTime;

    /// Ends after `period`.
    fn sleep(&self, period: Duration) -> BoxFuture<'static, ()>;
}

/// The clock of tokio, which is the system's, unless a test has paused it.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn time_of_day(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, period: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(period))
    }
}
