//! The compiled rules of one class, and their evaluation for one record.

use jiff::Timestamp;

use super::plans::Stand;
use super::sum::{Ceiling, Sum};
use super::{FieldLimit, Retention};
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::policy::Policy;
use crate::record::{Record, RecordError};
use crate::rule::{Keep, MOST_RULES, Rule};
use crate::words::{Action, Basis, Clock, Downgrade, Tier, Unbounded};

/// The rules about one class, grouped by what they end: the record, access to it, a field.
#[derive(Debug, Clone)]
pub(super) struct ClassRules {
    name: ClassId,
    pub(super) purge: Vec<Compiled>,
    pub(super) restrict: Vec<Compiled>,
    pub(super) fields: Vec<(String, Vec<Compiled>)>,
}

/// A plan's index in the compiled policy; `None` if the policy does not have the plan.
pub(super) type Plan = Option<u16>;

/// A compiled rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compiled {
    pub(super) place: u8,
    pub(super) plan: Plan,
    tier: Option<Tier>,
    clock: Option<Clock>,
    keep: Option<Keep>,
    pub(super) gone_by: Option<Period>,
    unbounded: Option<Unbounded>,
    pub(super) basis: Basis,
    /// The time between floor and ceiling, if accounts may choose a shorter period.
    shorten_with: Option<Period>,
}

impl ClassRules {
    /// For every class of the policy, in its order.
    pub(super) fn of_all(policy: &Policy, plans: &[PlanId]) -> Vec<ClassRules> {
        let rules: Vec<(Compiled, &Rule)> = (0..)
            .zip(policy.rules.iter().take(MOST_RULES))
            .map(|(place, rule)| (Compiled::new(place, rule, plans, policy.engine.slack), rule))
            .collect();
        policy.class_ids().map(|(name, _)| ClassRules::of(name, &rules)).collect()
    }

    fn of(name: ClassId, rules: &[(Compiled, &Rule)]) -> ClassRules {
        let mut class = ClassRules { name, purge: Vec::new(), restrict: Vec::new(), fields: Vec::new() };
        for (compiled, rule) in rules.iter().filter(|(_, rule)| rule.data.contains(&name)) {
            let of_field = |field: &String| class.fields.iter().position(|(known, _)| known == field);
            match (&rule.field, rule.action) {
                (Some(field), _) => match of_field(field) {
                    Some(known) => class.fields[known].1.push(*compiled),
                    None => class.fields.push((field.clone(), vec![*compiled])),
                },
                (None, Action::Restrict) => class.restrict.push(*compiled),
                (None, Action::Purge | Action::Truncate) => class.purge.push(*compiled),
            }
        }
        class
    }
}

impl Compiled {
    fn new(place: u8, rule: &Rule, plans: &[PlanId], slack: Period) -> Compiled {
        // Legal floors cannot be shortened.
        let may = rule.org_may_shorten && rule.basis != Basis::Legal;
        let plan = |plan: PlanId| plans.iter().position(|known| *known == plan);
        Compiled {
            shorten_with: may.then(|| rule.room(slack)),
            place,
            plan: rule.plan.and_then(plan).and_then(|place| u16::try_from(place).ok()),
            tier: rule.tier,
            clock: rule.clock,
            keep: rule.keep,
            gone_by: rule.gone_by,
            unbounded: rule.unbounded,
            basis: rule.basis,
        }
    }

    /// When its periods begin. Outer `None`: it does not apply to this copy now. Inner `None`: it has no clock.
    pub(super) fn begun(&self, record: &Record<'_>) -> Option<Option<Timestamp>> {
        if self.tier.is_some_and(|tier| tier != record.tier) {
            return None;
        }
        match self.clock {
            Some(clock) => record.events.get(clock).map(Some),
            None => Some(None),
        }
    }

    fn floor_stands(&self, record: &Record<'_>) -> bool {
        let happened = |clock| record.events.get(clock).is_some();
        let deleted = happened(Clock::DeletedByUserAt) || happened(Clock::ErasureRequestedAt);
        match self.basis {
            Basis::Legal => true,
            Basis::Reopen => !deleted,
            Basis::Service => !deleted && !happened(Clock::AccountClosedAt),
        }
    }
}

impl Retention {
    /// The rules about the record's class, and its plan today. Plans before may be those of an older version.
    pub(super) fn find(&self, record: &Record<'_>, older: &[&Retention]) -> Result<(&ClassRules, Plan), RecordError> {
        let class = self.class(record)?;
        let unknown = |plan| RecordError::UnknownPlan { plan, version: self.identity.version };
        let plan = self.plan(&record.plan).ok_or_else(|| unknown(record.plan))?;
        let knows = |plan: &PlanId| self.plan(plan).is_some() || older.iter().any(|older| older.plan(plan).is_some());
        match record.plans_before.iter().find(|before| !knows(&before.plan)) {
            Some(before) => Err(unknown(before.plan)),
            None => Ok((class, Some(plan))),
        }
    }

    /// The rules about the record's class, whatever its plan.
    pub(super) fn class(&self, record: &Record<'_>) -> Result<&ClassRules, RecordError> {
        let mut pairs = record.plans_before.iter().zip(record.plans_before.iter().skip(1));
        if let Some((_, late)) = pairs.find(|(before, after)| after.until < before.until) {
            return Err(RecordError::PlansOutOfOrder { plan: late.plan, until: late.until });
        }
        let unknown = || RecordError::UnknownClass { class: record.class, version: self.identity.version };
        self.classes.iter().find(|known| known.name == record.class).ok_or_else(unknown)
    }

    pub(super) fn plan(&self, plan: &PlanId) -> Plan {
        let place = self.plans.iter().position(|known| known == plan)?;
        u16::try_from(place).ok()
    }

    /// Adds everything that the policy says about the end of the record to an empty sum, in place.
    pub(super) fn hear(&self, class: &ClassRules, plan: Plan, record: &Record<'_>, sum: &mut Sum<'_>) {
        let end = self.end(&class.purge, plan, record);
        (sum.ceiling, sum.floor) = (end.ceiling, end.floor);
        for rule in &class.purge {
            if let Some(begun) = rule.begun(record) {
                self.hear_rule(rule, plan, begun, record, sum);
            }
        }
        if class.restrict.is_empty() {
            return;
        }
        sum.restrict = self.end(&class.restrict, plan, record).ceiling;
        for rule in class.restrict.iter().filter(|rule| rule.begun(record).is_some()) {
            if rule.plan.is_none() || rule.plan == plan || self.had(rule.plan, record) {
                sum.restricting.insert(rule.place);
            }
        }
    }

    /// Adds what a rule says, except by when the record is gone.
    fn hear_rule(&self, rule: &Compiled, plan: Plan, begun: Option<Timestamp>, record: &Record<'_>, sum: &mut Sum<'_>) {
        let today = rule.plan.is_none() || rule.plan == plan;
        let law = rule.basis == Basis::Legal && (today || begun.is_some_and(|at| self.plan_was_held(rule, at, record)));
        if law && let Some(floor) = self.floor(rule, None, record) {
            sum.law(floor, rule.place);
        }
        if today || law || (rule.gone_by.is_some() && self.had(rule.plan, record)) {
            sum.rules.insert(rule.place);
        }
        if today {
            sum.while_active |= rule.keep == Some(Keep::WhileActive) && rule.floor_stands(record);
            sum.aggregate |= rule.unbounded == Some(Unbounded::Aggregate);
            if rule.keep.is_some() || rule.unbounded.is_some() {
                sum.staying.insert(rule.place);
            }
        }
    }

    fn had(&self, plan: Plan, record: &Record<'_>) -> bool {
        plan.is_some() && record.plans_before.iter().any(|before| self.plan(&before.plan) == plan)
    }

    /// The ceiling and the floor of these rules.
    fn end(&self, rules: &[Compiled], plan: Plan, record: &Record<'_>) -> Stand {
        if record.plans_before.is_empty() || rules.iter().all(|rule| rule.plan.is_none()) {
            return self.stand(rules, record, |rule| rule.plan.is_none() || rule.plan == plan);
        }
        let for_all = self.stand(rules, record, |rule| rule.plan.is_none());
        let of_plan = self.through_plans(rules, plan, record);
        Stand { ceiling: Ceiling::earlier(for_all.ceiling, of_plan.ceiling), floor: for_all.floor.max(of_plan.floor) }
    }

    /// The same for some of these rules, counted from their own clocks.
    fn stand(&self, rules: &[Compiled], record: &Record<'_>, fits: impl Fn(&Compiled) -> bool) -> Stand {
        let mut stand = Stand::default();
        for rule in rules.iter().filter(|rule| fits(rule)) {
            let Some(Some(event)) = rule.begun(record) else { continue };
            stand.ceiling = Ceiling::earlier(stand.ceiling, self.end_of(rule, event, None, record));
            if rule.basis != Basis::Legal
                && let Some(floor) = self.floor_from(rule, event, record)
                && stand.floor.is_none_or(|known| known < floor)
            {
                stand.floor = Some(floor);
            }
        }
        stand
    }

    /// The earliest ceiling of these rules, counted from their clocks, or as after a change of plans at `changed`.
    pub(super) fn ceiling<'c>(
        &self,
        rules: impl Iterator<Item = &'c Compiled>,
        record: &Record<'_>,
        changed: Option<Timestamp>,
    ) -> Option<Ceiling> {
        let ends = rules.filter_map(|rule| self.end_of(rule, rule.begun(record)??, changed, record));
        ends.fold(None, |least, end| Ceiling::earlier(least, Some(end)))
    }

    /// The ceiling of a rule whose clock started at `event`.
    fn end_of(
        &self,
        rule: &Compiled,
        event: Timestamp,
        changed: Option<Timestamp>,
        record: &Record<'_>,
    ) -> Option<Ceiling> {
        let gone_by = rule.gone_by?;
        let start = self.start(event, changed);
        let mut at = self.calendar.at_the_latest(start, gone_by);
        if let (Some(changed), Downgrade::RecomputeAfter) = (changed, self.plan_change.downgrade) {
            let notice = self.plan_change.downgrade_notice.unwrap_or_default();
            at = at.max(self.calendar.at_the_latest(changed, notice));
        }
        if let (Some(chosen), Some(room)) = (record.chosen, rule.shorten_with) {
            at = at.min(self.calendar.at_the_latest(start, chosen.plus(room)));
        }
        Some(Ceiling::new(at, event, self.slack, rule.place))
    }

    /// When the periods of a plan begin after a change to it.
    fn start(&self, event: Timestamp, changed: Option<Timestamp>) -> Timestamp {
        match (changed, self.plan_change.downgrade) {
            (Some(changed), Downgrade::FromChange) => event.max(changed),
            _ => event,
        }
    }

    /// The floor of a rule, if it has a period and is still in force.
    pub(super) fn floor(&self, rule: &Compiled, changed: Option<Timestamp>, record: &Record<'_>) -> Option<Timestamp> {
        self.floor_from(rule, self.start(rule.begun(record)??, changed), record)
    }

    /// The same, counted from `start`.
    fn floor_from(&self, rule: &Compiled, start: Timestamp, record: &Record<'_>) -> Option<Timestamp> {
        let Some(Keep::For(period)) = rule.keep else { return None };
        if !rule.floor_stands(record) {
            return None;
        }
        let floor = self.calendar.at_the_earliest(start, period);
        Some(match (record.chosen, rule.shorten_with) {
            (Some(chosen), Some(_)) => floor.min(self.calendar.at_the_earliest(start, chosen)),
            _ => floor,
        })
    }

    /// When a field is gone, unless a hold is in force.
    pub(super) fn field(&self, rules: &[Compiled], plan: Plan, record: &Record<'_>) -> Option<FieldLimit> {
        let ceiling = self.end(rules, plan, record).ceiling?;
        let rule = ceiling.rules.first()?;
        let (mut at, mut by) = (ceiling.aim, ceiling.at);
        if let Some(hold) = record.hold.and_then(|hold| self.hold(hold)).filter(|hold| hold.from < by) {
            let (released, gone) = hold.released?;
            (at, by) = (at.max(released), by.max(gone));
        }
        Some(FieldLimit { policy: self.identity, rule, at, by })
    }
}
