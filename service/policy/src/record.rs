//! What the evaluator is told about one record.

use jiff::Timestamp;

use crate::{ClassId, Clock, Period, PlanId, Tier};

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

/// One copy of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub class: ClassId,
    /// Where the copy lies.
    pub tier: Tier,
    /// The plan of its account today.
    pub plan: PlanId,
    /// The plan before, if the account went down while the record was there.
    pub downgrade: Option<Downgraded>,
    /// The shorter period that its account chose, if it chose one; [`Policy::shorten`](crate::Policy::shorten) says
    /// whether it may. Only rules with `org_may_shorten` hear it, and it never makes anything stay longer.
    pub chosen: Option<Period>,
    /// A legal hold on this very record.
    pub hold: Option<LegalHold>,
    /// What happened to it.
    pub events: Events,
}

/// A time in which a record must not be deleted, because a court or an authority may want it.
///
/// A hold is about single records that were named, never about a class. It does not bring back what is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegalHold {
    /// When it was placed.
    pub from: Timestamp,
    /// When it was released; none while it stands.
    pub until: Option<Timestamp>,
}

/// A change to a plan with shorter periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Downgraded {
    /// The plan before.
    pub from: PlanId,
    /// When it ended.
    pub at: Timestamp,
}

impl Record {
    /// A record in production, of an account that always had this plan.
    #[must_use]
    pub const fn new(class: ClassId, plan: PlanId, events: Events) -> Record {
        Record { class, tier: Tier::Production, plan, downgrade: None, chosen: None, hold: None, events }
    }

    /// The copy in another place.
    #[must_use]
    pub const fn in_tier(self, tier: Tier) -> Record {
        Record { tier, ..self }
    }

    /// The same record, after its account went down from another plan.
    #[must_use]
    pub const fn downgraded(self, from: PlanId, at: Timestamp) -> Record {
        Record { downgrade: Some(Downgraded { from, at }), ..self }
    }
    /// The same record, of an account that chose a shorter period.
    #[must_use]
    pub const fn shortened(self, to: Period) -> Record {
        Record { chosen: Some(to), ..self }
    }

    /// The same record under a legal hold that stands, or that was released at `until`.
    #[must_use]
    pub const fn held(self, from: Timestamp, until: Option<Timestamp>) -> Record {
        Record { hold: Some(LegalHold { from, until }), ..self }
    }
}
