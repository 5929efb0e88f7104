//! Deadlines for answering a request, an incident or a report.

use jiff::Timestamp;

use crate::policy::{Deadline, Policy};
use crate::rule::Rule;
use crate::words::{Action, Clock, Law, Trigger};

/// By when something must be answered.
#[derive(Debug, Clone, Copy)]
pub struct Due<'p> {
    /// By this instant.
    pub by: Timestamp,
    /// By this instant at the latest, if the person is told before [`Due::by`] that the answer takes longer.
    pub extended: Option<Timestamp>,
    /// The deadline that decided.
    pub decided_by: &'p Deadline,
}

/// By when the data of a person who asked for erasure is gone.
#[derive(Debug, Clone)]
pub struct Erased<'p> {
    /// By this instant, except data that the law requires to keep.
    pub by: Timestamp,
    /// The rules that end last.
    pub rules: Vec<&'p Rule>,
}

/// Why an extension is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoExtension {
    /// The policy offers none in this case, or a law forbids it.
    #[error("the policy allows no extension in this case")]
    NotOffered,
    /// The person was not told before the first deadline.
    #[error("the person was told too late: after the first deadline")]
    ToldTooLate,
}

impl Due<'_> {
    /// The extended deadline, if the person was told at `told` that the answer takes longer.
    ///
    /// # Errors
    ///
    /// [`NoExtension`] if there is none, or if the notice came after [`Due::by`].
    pub fn extend(&self, told: Timestamp) -> Result<Timestamp, NoExtension> {
        match self.extended {
            None => Err(NoExtension::NotOffered),
            Some(_) if told > self.by => Err(NoExtension::ToldTooLate),
            Some(extended) => Ok(extended),
        }
    }
}

impl Policy {
    /// The instant by which all data that erasure ends is gone, for a person who asked for it at `received`. `None` if
    /// no rule of the policy counts from there.
    #[must_use]
    pub fn erased_by(&self, received: Timestamp) -> Option<Erased<'_>> {
        let calendar = self.calendar();
        let ends = |rule: &Rule| {
            let counts = rule.clock == Some(Clock::ErasureRequestedAt) && rule.action == Action::Purge;
            rule.gone_by.filter(|_| counts).map(|period| calendar.at_the_latest(received, period))
        };
        let by = self.rules.iter().filter_map(ends).max()?;
        Some(Erased { by, rules: self.rules.iter().filter(|rule| ends(rule) == Some(by)).collect() })
    }

    /// The deadline for answering something received at `received`, for a person protected by `laws`.
    ///
    /// Every deadline for the occasion without a law, or with one of these, counts: the earliest decides, and each must
    /// allow an extension. Of two that end together, the one that cannot be extended, or that a law requires, decides,
    /// whatever their order in the file. `None` if the policy has no deadline for it.
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
