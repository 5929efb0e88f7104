//! Records: the input of the evaluator.

use jiff::Timestamp;

use crate::events::{EventError, Events};
use crate::name::{ClassId, PlanId, VersionId};
use crate::period::Period;
use crate::words::Tier;

/// One copy of one record. Classes and plans are names, so that a record means the same in every version of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'r> {
    /// Its class.
    pub class: ClassId,
    /// Where the copy is held.
    pub tier: Tier,
    /// The plan of its account today.
    pub plan: PlanId,
    /// Earlier plans of its account, in chronological order. Records of one account share them.
    pub plans_before: &'r [PlanBefore],
    /// The shorter period that its account chose, if any; [`Policy::shorten`](crate::Policy::shorten) checks whether
    /// that is permitted. Only rules with `org_may_shorten` use it, and it never makes anything stay longer.
    pub chosen: Option<Period>,
    /// A legal hold on this very record.
    pub hold: Option<LegalHold>,
    /// Its events.
    pub events: Events,
    /// Actions already taken.
    pub done: Done<'r>,
}

/// A period in which a record must not be deleted, because a court or an authority may require it.
///
/// A hold applies to single named records, never to a class. It does not bring back what is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegalHold {
    /// When it was placed.
    pub from: Timestamp,
    /// When it was released; `None` while it is in force.
    pub until: Option<Timestamp>,
}

/// An earlier plan of an account, and when it changed to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanBefore {
    /// The plan.
    pub plan: PlanId,
    /// When it ended.
    pub until: Timestamp,
}

impl PlanBefore {
    /// A plan that ended at `until`.
    #[must_use]
    pub const fn new(plan: PlanId, until: Timestamp) -> PlanBefore {
        PlanBefore { plan, until }
    }
}

/// What a service has already done to a record, other than deleting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done<'r> {
    /// Whether access was restricted to the few who need it.
    pub restricted: bool,
    /// The fields that were shortened or removed.
    pub fields: &'r [&'r str],
}

impl<'r> Record<'r> {
    /// A record in production, of an account that always had this plan.
    #[must_use]
    pub const fn new(class: ClassId, plan: PlanId, events: Events) -> Record<'r> {
        let done = Done { restricted: false, fields: &[] };
        Record { class, tier: Tier::Production, plan, plans_before: &[], chosen: None, hold: None, events, done }
    }

    /// The copy in another tier.
    #[must_use]
    pub const fn in_tier(self, tier: Tier) -> Record<'r> {
        Record { tier, ..self }
    }

    /// The same record, of an account that had other plans before this one.
    #[must_use]
    pub const fn after_plans(self, plans_before: &'r [PlanBefore]) -> Record<'r> {
        Record { plans_before, ..self }
    }

    /// The same record, of an account that chose a shorter period.
    #[must_use]
    pub const fn shortened(self, to: Period) -> Record<'r> {
        Record { chosen: Some(to), ..self }
    }

    /// The same record under a legal hold that is in force, or that was released at `until`.
    #[must_use]
    pub const fn held(self, from: Timestamp, until: Option<Timestamp>) -> Record<'r> {
        Record { hold: Some(LegalHold { from, until }), ..self }
    }

    /// The same record, with these actions already taken.
    #[must_use]
    pub const fn having(self, done: Done<'r>) -> Record<'r> {
        Record { done, ..self }
    }
}

/// Why there is no answer about a record. Neither delete nor keep anything because of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The policy has no such class.
    #[error("version {version} of the policy has no data class `{class}`")]
    UnknownClass {
        /// The class of the record.
        class: ClassId,
        /// The version that was asked.
        version: VersionId,
    },
    /// The policy has no such plan.
    #[error("version {version} of the policy has no plan `{plan}`")]
    UnknownPlan {
        /// The plan of the record, or one before.
        plan: PlanId,
        /// The version that was asked.
        version: VersionId,
    },
    /// The events cannot be those of one record of its class. Only explanations check that.
    #[error("`{class}`: {why}")]
    Events {
        /// The class of the record.
        class: ClassId,
        /// What is impossible, and what is possible.
        why: EventError,
    },
    /// The plans of the account are not in chronological order.
    #[error("the plan `{plan}` ends at {until}, before the plan that came before it")]
    PlansOutOfOrder {
        /// The plan that ends too early.
        plan: PlanId,
        /// When it ends.
        until: Timestamp,
    },
}

impl RecordError {
    /// The identifier that programs see; it never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            RecordError::UnknownClass { .. } => "record_class_unknown",
            RecordError::UnknownPlan { .. } => "record_plan_unknown",
            RecordError::Events { .. } => "record_events_impossible",
            RecordError::PlansOutOfOrder { .. } => "record_plans_out_of_order",
        }
    }

    /// What a person can do, in one sentence.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            RecordError::UnknownClass { .. } => {
                "Correct the name of the class, or keep it in the policy until no record of it is left."
            }
            RecordError::UnknownPlan { .. } => {
                "Correct the name of the plan, or keep it in the policy until no record of an account that had it is left."
            }
            RecordError::Events { .. } => {
                "Give only events that the class can have, in the order in which they can come."
            }
            RecordError::PlansOutOfOrder { .. } => "Give the plans of the account in chronological order.",
        }
    }
}
