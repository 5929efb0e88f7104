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
    /// extension must be allowed by each. Of two that end together the one decides that cannot be extended, or that a law
    /// asks for, wherever they stand in the file. None if the policy has no deadline for it.
    #[must_use]
    pub fn due(&self, on: Trigger, laws: &[Law], received: Timestamp) -> Option<Due<'_>> {
        let calendar = self.calendar();
        let end =
            |deadline: &Deadline| deadline.within.iter().map(|period| calendar.at_the_latest(received, *period)).min();
        let longest = |deadline: &Deadline, by: Timestamp| {
            deadline.extend_to.map_or(by, |period| calendar.at_the_latest(received, period).max(by))
        };
        let counts = |deadline: &&Deadline| deadline.on == on && deadline.law.is_none_or(|law| laws.contains(&law));
        let counting = || {
            let ends = self.deadlines.iter().filter(counts).filter_map(|deadline| Some((end(deadline)?, deadline)));
            ends.map(|(by, deadline)| (by, longest(deadline, by), deadline))
        };
        let strictest = counting().min_by(|(by, longest, one), (other_by, other_longest, other)| {
            let law = other.law.cmp(&one.law);
            (by, longest).cmp(&(other_by, other_longest)).then(law).then_with(|| one.id.cmp(&other.id))
        });
        let (by, _, decided_by) = strictest?;
        let extended = counting().map(|(_, longest, _)| longest).min().filter(|extended| *extended > by);
        Some(Due { by, extended, decided_by })
    }
}
