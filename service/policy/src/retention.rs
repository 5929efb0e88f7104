//! Evaluates how long a record is kept, and by when it is gone.

mod compiled;
mod next;
mod plans;
mod sum;
mod versions;

use jiff::{SignedDuration, Timestamp};

use crate::calendar::Calendar;
use crate::identity::Identity;
use crate::name::PlanId;
use crate::policy::{EngineTimes, PlanChange, Policy};
use crate::record::{LegalHold, Record, RecordError};
use crate::rule::RuleSet;
use crate::words::Action;
pub use next::Next;
pub use versions::Versions;

use compiled::ClassRules;

/// A policy compiled for evaluating many records. Evaluation does not allocate.
///
/// The rules of evaluation:
///
/// 1. A rule applies to a record if it names the record's class, its plan (or none), the copy's tier (or none), and its
///    clock has started. A rule without a clock always applies.
/// 2. The ceiling is the earliest `gone_by` of these rules.
/// 3. A floor of basis `service` ends when the user deletes the item, closes the account or asks for erasure; one of
///    basis `reopen` when the user deletes the item or asks for erasure; one of basis `legal` never ends early.
/// 4. Other floors end before the ceiling, by the slack of the engine: what must be gone at an instant cannot be kept
///    until then. A legal floor beyond the ceiling wins: from the ceiling to the end of the floor the record is
///    restricted, and then it is gone.
/// 5. A rule that restricts is not a ceiling: from its end on the record is restricted, until it is gone.
/// 6. Plans follow each other. After a change to a plan with shorter periods, these begin as `[plan_change]` says, and
///    never move the ceiling later; after a change to one with longer periods, these apply at once, and never move the
///    ceiling earlier. An account that is upgraded again is treated as if it had changed directly from the last plan
///    that was at least as long. What was due before a change stays due. An upgrade shortens no floor. Whether a change
///    is an upgrade is decided by the ceilings of both plans.
/// 7. A shorter period that an account chose replaces `keep_for` in rules with `org_may_shorten`, and the time between
///    floor and ceiling is unchanged. Without a `keep_for` it replaces `gone_by`.
/// 8. A legal hold that was placed before the ceiling overrides every promise: the record must be kept until the hold
///    is released, is restricted from its ceiling on, and is gone after the release as soon as the slack of the engine
///    allows.
/// 9. The work begins before the ceiling, by the slack, but never before the event that the ceiling is counted from,
///    nor while the law or a hold requires the record.
///
/// None of this depends on the order of the rules, or of the plans in `plans`. A record whose class or plan the policy
/// does not have gives an error. For records that were stored under an older version, see [`Retention::with_older`].
#[derive(Debug, Clone)]
pub struct Retention {
    identity: Identity,
    calendar: Calendar,
    plan_change: PlanChange,
    engine: EngineTimes,
    /// How long before a ceiling the engine may begin to purge.
    slack: SignedDuration,
    plans: Vec<PlanId>,
    /// For each class, its rules.
    classes: Vec<ClassRules>,
    /// Facts for answers about each rule, by its index.
    rules: Vec<Told>,
}

/// Facts about a rule.
#[derive(Debug, Clone)]
struct Told {
    id: String,
    action: Action,
}

/// Until when a record must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeepUntil {
    /// No promise.
    Unpromised,
    /// Until this instant.
    At(Timestamp),
    /// As long as the account is active.
    WhileActive,
    /// Until a legal hold is released.
    Held,
}

/// By when a record must be completely gone. Ordered: greater values are kept longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GoneBy {
    /// By this instant.
    At(Timestamp),
    /// A legal hold is in force: gone within the slack of the engine after its release.
    Held,
    /// Not known yet: its ceiling starts with an event that has not happened.
    NotYet,
    /// Kept as long as the account is active.
    WhileActive,
    /// It may stay for ever.
    Unlimited,
}

/// A time in which access to a record is restricted to the few who need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Restricted {
    /// From this instant on.
    pub from: Timestamp,
    /// Until it is gone.
    pub until: GoneBy,
}

/// The answer for one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The version that decided, to which the sets of rules refer.
    pub policy: Identity,
    /// Until when it must be kept.
    pub keep_until: KeepUntil,
    /// By when it must be completely gone.
    pub gone_by: GoneBy,
    /// When the service begins to delete it; `None` if its end is not known yet, or while a hold is in force.
    pub purge_at: Option<Timestamp>,
    /// Until when the law requires it.
    pub legal_floor: Option<Timestamp>,
    /// When access is restricted.
    pub restricted: Option<Restricted>,
    /// The rules that apply, other than those that only restrict.
    pub rules: RuleSet,
    /// Of these, the ones that decided when it is gone, or why it is kept.
    pub decided_by: RuleSet,
    /// The rules that restrict.
    pub restricting: RuleSet,
}

/// By when a single field of a record is truncated or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldLimit {
    /// The version whose rule it is.
    pub policy: Identity,
    /// The index of the rule in [`Policy::rules`]; it names the field and what is left of it.
    pub rule: usize,
    /// When the service begins.
    pub at: Timestamp,
    /// By this instant.
    pub by: Timestamp,
}

impl Policy {
    /// The calendar of the policy.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        let calendar = Calendar::new(self.about.timezone.clone()).with_holidays(&self.about.holidays);
        if self.about.workweek.is_empty() { calendar } else { calendar.with_workweek(&self.about.workweek) }
    }
}

impl Retention {
    /// Compiles the policy's rules.
    #[must_use]
    pub fn new(policy: &Policy) -> Retention {
        let plans: Vec<PlanId> = policy.plan_ids().collect();
        Retention {
            identity: policy.identity,
            calendar: policy.calendar(),
            plan_change: policy.plan_change,
            engine: policy.engine,
            slack: policy.engine.slack.longest(),
            classes: ClassRules::of_all(policy, &plans),
            rules: policy.rules.iter().map(|rule| Told { id: rule.id.clone(), action: rule.action }).collect(),
            plans,
        }
    }

    /// The version that answers.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// How long the record is kept, and by when it is gone.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if the policy has no such class or plan, or earlier plans are not in chronological order.
    pub fn answer(&self, record: &Record<'_>) -> Result<Answer, RecordError> {
        self.alone().answer(record)
    }

    /// When the service begins to delete the record: [`Answer::purge_at`].
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`].
    pub fn purge_at(&self, record: &Record<'_>) -> Result<Option<Timestamp>, RecordError> {
        Ok(self.answer(record)?.purge_at)
    }

    /// The limits of single fields, such as an address that is truncated before its record is gone. There are none
    /// while a hold is in force.
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`].
    pub fn fields<'r>(&'r self, record: &'r Record<'r>) -> Result<impl Iterator<Item = FieldLimit> + 'r, RecordError> {
        let (class, plan) = self.find(record, &[])?;
        Ok(class.fields.iter().filter_map(move |(_, rules)| self.field(rules, plan, record)))
    }

    /// The next action of a service on the record, and when.
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`].
    pub fn next_action(&self, record: &Record<'_>) -> Result<Option<Next<'_>>, RecordError> {
        self.alone().next_action(record)
    }

    /// Until when a user who deleted the record can restore it. `None` if it was not deleted, or if the account is
    /// closed or asked for erasure.
    ///
    /// # Errors
    ///
    /// As for [`Retention::answer`].
    pub fn restorable_until(&self, record: &Record<'_>) -> Result<Option<Timestamp>, RecordError> {
        self.alone().restorable_until(record)
    }

    /// When the hold ends, and when its record is gone after that; `None` if it was never in force.
    fn hold(&self, hold: LegalHold) -> Option<Standing> {
        let after = |until| (until, self.calendar.at_the_latest(until, self.engine.slack));
        let released = hold.until.map(after);
        let stood = released.is_none_or(|(until, _)| until > hold.from);
        stood.then_some(Standing { from: hold.from, released })
    }
}

/// A legal hold that is or was in force.
#[derive(Debug, Clone, Copy)]
struct Standing {
    from: Timestamp,
    /// When it was released, and by when its record is gone then.
    released: Option<(Timestamp, Timestamp)>,
}
