//! Which events a record of a class can have, and in which order.

use std::fmt;

use jiff::Timestamp;

use crate::name::ClassId;
use crate::policy::Policy;
use crate::words::{Action, Clock};

/// Events that begin a record: each record has one of them. No other event is certain, because a job can crash before
/// it ends, a request can stay open, and people need not delete, close or ask.
pub(crate) const BEGINNINGS: [Clock; 5] =
    [Clock::UploadedAt, Clock::CreatedAt, Clock::StartedAt, Clock::IssuedAt, Clock::RecordedAt];

/// The known events in the life of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Events([Option<Timestamp>; Clock::ALL.len()]);

impl Events {
    /// Without events.
    #[must_use]
    pub const fn new() -> Events {
        Events([None; Clock::ALL.len()])
    }

    /// The same events and this one.
    #[must_use]
    pub const fn with(mut self, clock: Clock, at: Timestamp) -> Events {
        self.0[clock as usize] = Some(at);
        self
    }

    /// When the event happened.
    #[must_use]
    pub const fn get(&self, clock: Clock) -> Option<Timestamp> {
        self.0[clock as usize]
    }
}

/// A set of events, in the order of [`Clock::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Clocks(u16);

impl Clocks {
    /// The events.
    pub fn iter(self) -> impl Iterator<Item = Clock> {
        Clock::ALL.iter().copied().filter(move |clock| self.contains(*clock))
    }

    /// Whether the event is one of them.
    #[must_use]
    pub const fn contains(self, clock: Clock) -> bool {
        self.0 & (1 << clock as u16) != 0
    }

    const fn with(self, clock: Clock) -> Clocks {
        Clocks(self.0 | (1 << clock as u16))
    }
}

impl fmt::Display for Clocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, clock) in self.iter().enumerate() {
            write!(f, "{}{}", if place == 0 { "" } else { ", " }, clock.as_str())?;
        }
        Ok(())
    }
}

/// Why events cannot be those of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// Records of this class never have that event.
    #[error("nothing of this class has the event {event}; its events are {possible}")]
    NotOfClass {
        /// The event.
        event: Clock,
        /// The events that it can have.
        possible: Clocks,
    },
    /// An end before the beginning, or a beginning without an account.
    #[error("{later} at {at} cannot come before {earlier} at {since}")]
    OutOfOrder {
        /// The event that comes first.
        earlier: Clock,
        /// When it came.
        since: Timestamp,
        /// The event that can only come after it.
        later: Clock,
        /// When it came.
        at: Timestamp,
    },
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Policy {
    /// The events that a record of a class can have: those that a rule about it counts from, its beginning, and, for
    /// personal data, closure of the account and erasure.
    #[must_use]
    pub fn events_of(&self, class: ClassId) -> Clocks {
        let about = || self.rules.iter().filter(|rule| rule.data.contains(&class));
        let mut events = about().filter_map(|rule| rule.clock).fold(Clocks::default(), Clocks::with);
        let begins = about().filter(|rule| rule.field.is_none()).filter_map(|rule| rule.clock);
        if !begins.into_iter().any(|clock| BEGINNINGS.contains(&clock)) {
            events = events.with(Clock::CreatedAt);
        }
        if self.class_ids().any(|(id, known)| id == class && known.needs_a_ceiling()) {
            events = events.with(Clock::AccountClosedAt).with(Clock::ErasureRequestedAt);
        }
        events
    }

    /// Checks that these can be the events of one record of the class.
    ///
    /// # Errors
    ///
    /// [`EventError`], which names what is possible.
    pub fn check_events(&self, class: ClassId, events: &Events) -> Result<(), EventError> {
        let possible = self.events_of(class);
        let happened = || Clock::ALL.iter().filter_map(|clock| Some((*clock, events.get(*clock)?)));
        if let Some((event, _)) = happened().find(|(event, _)| !possible.contains(*event)) {
            return Err(EventError::NotOfClass { event, possible });
        }
        for (earlier, since) in happened().filter(|(clock, _)| BEGINNINGS.contains(clock)) {
            let wrong = |(later, at): &(Clock, Timestamp)| *at < since && self.comes_after(class, earlier, *later);
            if let Some((later, at)) = happened().find(wrong) {
                return Err(EventError::OutOfOrder { earlier, since, later, at });
            }
        }
        Ok(())
    }

    /// Whether an event of a record can only come after the one that began it.
    fn comes_after(&self, class: ClassId, beginning: Clock, later: Clock) -> bool {
        match later {
            Clock::DeletedByUserAt | Clock::ProcessingEndedAt | Clock::ConsentWithdrawnAt | Clock::RequestClosedAt => {
                true
            }
            // Data that ends with the account was made while the account existed. An invoice or a log entry may follow,
            // and so may the request of a person who left.
            Clock::AccountClosedAt | Clock::ErasureRequestedAt => {
                let made = matches!(beginning, Clock::UploadedAt | Clock::CreatedAt | Clock::StartedAt);
                let ends = self.rules.iter().any(|rule| {
                    rule.data.contains(&class) && rule.clock == Some(later) && rule.action == Action::Purge
                });
                made && ends && !self.events_of(class).contains(Clock::RequestClosedAt)
            }
            _ => false,
        }
    }
}
