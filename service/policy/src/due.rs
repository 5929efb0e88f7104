//! By when a request, an incident or a report must be answered.

use jiff::Timestamp;

use crate::policy::{Deadline, Policy};
use crate::{Law, Trigger};

/// By when something must be answered.
#[derive(Debug, Clone, Copy)]
pub struct Due<'p> {
    /// By this instant.
    pub by: Timestamp,
    /// By this instant at the latest, if the person is told before [`Due::by`] that it takes longer.
    pub extended: Option<Timestamp>,
    /// The deadline that decided.
    pub decided_by: &'p Deadline,
}

impl Policy {
    /// By when something that arrived at `received` must be answered, to a person whom `laws` protect.
    ///
    /// Every deadline for the occasion counts that stands under no law or one of these: the earliest decides, and an
    /// extension must be allowed by each. None if the policy has no deadline for it.
    #[must_use]
    pub fn due(&self, on: Trigger, laws: &[Law], received: Timestamp) -> Option<Due<'_>> {
        let calendar = self.calendar();
        let end =
            |deadline: &Deadline| deadline.within.iter().map(|period| calendar.at_the_latest(received, *period)).min();
        let counts = |deadline: &&Deadline| deadline.on == on && deadline.law.is_none_or(|law| laws.contains(&law));
        let counting =
            || self.deadlines.iter().filter(counts).filter_map(|deadline| end(deadline).map(|by| (by, deadline)));
        let (by, decided_by) = counting().min_by_key(|(by, _)| *by)?;
        let longest = |(by, deadline): (Timestamp, &Deadline)| {
            deadline.extend_to.map_or(by, |period| calendar.at_the_latest(received, period).max(by))
        };
        let extended = counting().map(longest).min().filter(|extended| *extended > by);
        Some(Due { by, extended, decided_by })
    }
}
