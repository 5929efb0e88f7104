//! Evaluates a record that was stored under an older version by both versions.

use jiff::Timestamp;

use super::sum::Sum;
use super::{Answer, Next, Retention};
use crate::record::{Record, RecordError};
use crate::words::Clock;

/// The version in force, and the earlier ones under which a record existed, the oldest first.
///
/// Each version is evaluated separately, and the result that is better for the person counts:
///
/// | promise | what counts |
/// |---|---|
/// | gone by | the earliest |
/// | kept until | the latest |
/// | required by law | the latest; it overrides every other |
/// | access restricted | from the earliest on |
/// | a field shortened or removed | the earliest |
/// | may be kept for ever, because it is about no person | only if every version says so |
///
/// If the ceiling of one version is before the floor of another, the older promise wins, because people agreed to it: a
/// newer ceiling waits for an older floor, and ends as soon after it as the slack of the engine allows; a newer floor
/// ends at an older ceiling. Plans that an older version does not have had no promises of their own then.
///
/// The answer names the version that decided when the record is gone, or the older one if both agree.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'r> {
    now: &'r Retention,
    older: &'r [&'r Retention],
}

impl Retention {
    /// Combines it with earlier versions under which a record existed, the oldest first.
    #[must_use]
    pub const fn with_older<'r>(&'r self, older: &'r [&'r Retention]) -> Versions<'r> {
        Versions { now: self, older }
    }

    pub(super) const fn alone(&self) -> Versions<'_> {
        Versions { now: self, older: &[] }
    }
}

impl<'r> Versions<'r> {
    /// How long the record is kept, and by when it is gone.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if a version has no such class, the version in force has no such plan, or earlier plans are not
    /// in chronological order.
    pub fn answer(&self, record: &Record<'_>) -> Result<Answer, RecordError> {
        self.sum(record, |sum| Ok(sum.answer(self.standing(record))))
    }

    /// When the service begins to delete the record: [`Answer::purge_at`].
    ///
    /// # Errors
    ///
    /// As for [`Versions::answer`].
    pub fn purge_at(&self, record: &Record<'_>) -> Result<Option<Timestamp>, RecordError> {
        Ok(self.answer(record)?.purge_at)
    }

    /// Until when a user who deleted the record can restore it. `None` if it was not deleted, or if the account is
    /// closed or asked for erasure.
    ///
    /// # Errors
    ///
    /// As for [`Versions::answer`].
    pub fn restorable_until(&self, record: &Record<'_>) -> Result<Option<Timestamp>, RecordError> {
        let purge = self.purge_at(record)?;
        let over = [Clock::AccountClosedAt, Clock::ErasureRequestedAt].map(|clock| record.events.get(clock));
        let Some(deleted) = record.events.get(Clock::DeletedByUserAt).filter(|_| over == [None, None]) else {
            return Ok(None);
        };
        let until = self.now.calendar.at_the_latest(deleted, self.now.engine.restore_for);
        Ok(Some(purge.map_or(until, |purge| purge.min(until))))
    }

    /// The next action of a service on the record, and when.
    ///
    /// # Errors
    ///
    /// As for [`Versions::answer`].
    pub fn next_action(&self, record: &Record<'_>) -> Result<Option<Next<'r>>, RecordError> {
        super::next::next(self, record)
    }

    /// Combines the versions, and passes the sum to `then` by reference: copying it takes as long as computing it.
    pub(super) fn sum<T>(
        &self,
        record: &Record<'_>,
        then: impl FnOnce(&Sum<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let (class, plan) = self.now.find(record, self.older)?;
        let mut before: Option<Sum<'_>> = None;
        for (older, number) in self.older.iter().zip(1..=u8::MAX) {
            let mut own = Sum::new(&older.identity);
            older.hear(older.class(record)?, older.plan(&record.plan), record, &mut own);
            let own = own.of_version(number);
            before = Some(before.map_or(own, |before| own.and_before(before, self.now.slack)));
        }
        let mut own = Sum::new(&self.now.identity);
        self.now.hear(class, plan, record, &mut own);
        match before {
            None => then(&own),
            Some(before) => then(&own.and_before(before, self.now.slack)),
        }
    }

    /// The versions, the oldest first.
    pub(super) fn each(&self) -> impl Iterator<Item = &'r Retention> + use<'r> {
        self.older.iter().copied().chain(std::iter::once(self.now))
    }

    /// The version with this number, as in [`super::sum::Ceiling`].
    pub(super) fn numbered(&self, number: u8) -> &'r Retention {
        usize::from(number).checked_sub(1).and_then(|place| self.older.get(place)).copied().unwrap_or(self.now)
    }

    pub(super) fn standing(&self, record: &Record<'_>) -> Option<super::Standing> {
        record.hold.and_then(|hold| self.now.hold(hold))
    }
}
