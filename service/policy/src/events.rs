//! Which events a record of a class can have, and in which order.

use std::fmt;

use jiff::Timestamp;

use crate::name::ClassId;
use crate::policy::Policy;
use crate::words::{Action, Clock};

/// Events that begin a record: each record has one of them. Nothing else comes for certain, because a job can die before it
/// ends, a request can be left open, and people need not delete, close or ask.
pub(crate) const BEGINNINGS: [Clock; 5] =
    [Clock::UploadedAt, Clock::CreatedAt, Clock::StartedAt, Clock::IssuedAt, Clock::RecordedAt];

/// The events in the life of one record that are known so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Events([Option<Timestamp>; Clock::ALL.len()]);

impl Events {
    /// No event yet.
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

/// Some events, in the order of [`Clock::ALL`].
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
    /// Nothing of this class ever has that event.
    #[error("nothing of this class has the event {event}; its events are {possible}")]
    NotOfClass {
        /// The event.
        event: Clock,
        /// The events that it can have.
        possible: Clocks,
    },
    /// Something ended before it began, or began when there was no account for it.
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
    /// The events that a record of a class can have: those that a rule about it counts from, its beginning, and the end of
    /// the account or of everything about the person, if it says anything about one.
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

    /// Whether these can be the events of one record of the class.
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
            // What goes with the account was made while there was one. An invoice or a line of a log may follow, and so may
            // the request of somebody who left.
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
