//! Checks the sweep independently: interprets the rules again, one by one, as stated in the policy.

use jiff::Timestamp;

use super::outcome::Wrong;
use crate::calendar::Calendar;
use crate::name::PlanId;
use crate::policy::Policy;
use crate::record::Record;
use crate::rule::{Keep, Rule};
use crate::words::{Action, Basis, Clock, Downgrade, Tier};

/// The result of checking one record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Judged {
    pub(super) wrong: Option<Wrong>,
    /// How many seconds before its ceiling it was gone.
    pub(super) spare: Option<i64>,
    /// Whether access was restricted at the end.
    pub(super) restricted: bool,
}

/// What the rules say about one copy, with everything that happened.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    /// Nothing must be left after this, except for the law and holds.
    ceiling: Option<Timestamp>,
    floor: Option<Timestamp>,
    law: Option<Timestamp>,
    while_active: bool,
}

pub(super) fn judge(
    policy: &Policy,
    calendar: &Calendar,
    record: &Record<'_>,
    purged: Option<Timestamp>,
    end: Timestamp,
) -> Judged {
    let limits = limits(policy, calendar, record);
    let mut judged = Judged::default();
    let slack = i64::try_from(policy.engine.slack.most_seconds()).unwrap_or(i64::MAX);
    let last = last(&limits, record, calendar, policy);
    match (purged, last) {
        (Some(purged), Some(last)) if purged > last => judged.wrong = Some(Wrong::TooLate { by: last }),
        (None, Some(last)) if last < end => judged.wrong = Some(Wrong::TooLate { by: last }),
        (Some(purged), Some(last)) => judged.spare = Some(last.as_second() - purged.as_second()),
        _ => {}
    }
    if let Some(purged) = purged {
        // A floor that extends into the last hours before a ceiling yields to the work.
        let promised = limits.floor.map(|floor| {
            let cut = limits.ceiling.and_then(|at| Timestamp::from_second(at.as_second().saturating_sub(slack)).ok());
            cut.map_or(floor, |cut| floor.min(cut))
        });
        let law = limits.law.max(promised);
        let held = record.hold.filter(|hold| limits.ceiling.is_none_or(|ceiling| hold.from < ceiling));
        if law.is_some_and(|until| purged < until) {
            judged.wrong = Some(Wrong::TooEarly { until: law });
        } else if held.is_some_and(|hold| hold.from <= purged && hold.until.is_none_or(|until| purged < until)) {
            judged.wrong = Some(Wrong::TooEarly { until: held.and_then(|hold| hold.until) });
        } else if limits.while_active && limits.ceiling.is_none() {
            judged.wrong = Some(Wrong::TooEarly { until: None });
        }
    }
    // Copies in backups lose their key with the record, or last until the last backup is gone.
    if judged.wrong.is_none()
        && record.tier == Tier::Production
        && let Some(purged) = purged
    {
        let window = if policy.backup.shred { crate::period::Period::default() } else { policy.backup.window };
        let readable_until = calendar.at_the_earliest(purged, window);
        let copy = record.in_tier(Tier::Backup);
        let limits = self::limits(policy, calendar, &copy);
        if let Some(last) = self::last(&limits, &copy, calendar, policy).filter(|last| readable_until > *last) {
            judged.wrong = Some(Wrong::InBackups { by: last });
        }
    }
    judged.restricted = purged.is_none() && limits.ceiling.is_some_and(|ceiling| ceiling < end);
    judged
}

/// When nothing must be left, with the law and holds.
fn last(limits: &Limits, record: &Record<'_>, calendar: &Calendar, policy: &Policy) -> Option<Timestamp> {
    let ceiling = limits.ceiling?;
    let lawful = limits.law.map_or(ceiling, |law| law.max(ceiling));
    match record.hold {
        Some(hold) if hold.from < lawful => {
            hold.until.map(|until| calendar.at_the_latest(until, policy.engine.slack).max(lawful))
        }
        _ => Some(lawful),
    }
}

fn limits(policy: &Policy, calendar: &Calendar, record: &Record<'_>) -> Limits {
    let judge = Judge { policy, calendar, record };
    let mut limits = Limits::default();
    for rule in judge.rules().filter(|rule| rule.plan.is_none()) {
        judge.add(rule, None, &mut limits);
    }
    judge.add_plans(&mut limits);
    limits
}

struct Judge<'j> {
    policy: &'j Policy,
    calendar: &'j Calendar,
    record: &'j Record<'j>,
}

impl<'j> Judge<'j> {
    /// The rules that can end or keep this copy.
    fn rules(&self) -> impl Iterator<Item = &'j Rule> + use<'j> {
        let (policy, record) = (self.policy, self.record);
        policy.rules.iter().filter(move |rule| {
            rule.data.contains(&record.class)
                && rule.field.is_none()
                && rule.action != Action::Restrict
                && rule.tier.is_none_or(|tier| tier == record.tier)
                && rule.clock.is_none_or(|clock| record.events.get(clock).is_some())
        })
    }

    fn begun(&self, rule: &Rule) -> Option<Timestamp> {
        self.record.events.get(rule.clock?)
    }

    /// Adds the rules of one plan after another; earlier promises stay.
    fn add_plans(&self, limits: &mut Limits) {
        // Every plan with a duration, with the instant it ended and what it promised.
        let mut past: Vec<(Timestamp, Limits)> = Vec::new();
        let mut began = Timestamp::MIN;
        for before in self.record.plans_before.iter().filter(|before| before.until > Timestamp::MIN) {
            if before.until > began {
                let promised = self.under(before.plan, &past);
                past.push((before.until, promised));
                began = before.until;
            }
        }
        let today = self.under(self.record.plan, &past);
        limits.ceiling = [limits.ceiling, today.ceiling].into_iter().flatten().min();
        limits.floor = limits.floor.max(today.floor);
        limits.while_active |= today.while_active;
        for rule in self.rules().filter(|rule| rule.plan.is_some() && rule.basis == Basis::Legal) {
            let held =
                |plan, until: Timestamp| rule.plan == Some(plan) && self.begun(rule).is_some_and(|at| at < until);
            let before = self.record.plans_before.iter().any(|before| held(before.plan, before.until));
            if before || rule.plan == Some(self.record.plan) {
                let mut law = Limits::default();
                self.add(rule, None, &mut law);
                limits.law = limits.law.max(law.law);
            }
        }
    }

    /// What a plan promises. `past` has the plans before it: when each ended, and what it promised.
    fn under(&self, plan: PlanId, past: &[(Timestamp, Limits)]) -> Limits {
        let own = |changed: Option<Timestamp>| {
            let mut limits = Limits::default();
            for rule in self.rules().filter(|rule| rule.plan == Some(plan)) {
                self.add(rule, changed, &mut limits);
            }
            limits
        };
        // Nothing later than for ever.
        let never = |end: Option<Timestamp>| end.map_or((1, Timestamp::MIN), |at| (0, at));
        let mut best = own(None);
        for (left, promised) in past {
            let mut then = own(Some(*left));
            then.ceiling = [promised.ceiling, then.ceiling].into_iter().flatten().min();
            if never(then.ceiling) > never(best.ceiling) {
                best = then;
            }
        }
        if let Some((_, before)) = past.last() {
            if never(best.ceiling) >= never(before.ceiling) {
                best.floor = best.floor.max(before.floor);
            }
            // A change does not bring back what was due before it.
            let missed = past.iter().filter_map(|(until, promised)| promised.ceiling.filter(|at| at <= until));
            best.ceiling = missed.chain(best.ceiling).min();
        }
        best
    }

    /// Adds one rule, counted from its clock or from a change of plans.
    fn add(&self, rule: &Rule, changed: Option<Timestamp>, limits: &mut Limits) {
        let change = self.policy.plan_change;
        let begun = match (change.downgrade, self.begun(rule), changed) {
            (Downgrade::FromChange, Some(begun), Some(changed)) => Some(begun.max(changed)),
            (_, begun, _) => begun,
        };
        let chosen = self.record.chosen.filter(|_| rule.org_may_shorten && rule.basis != Basis::Legal);
        if let (Some(begun), Some(gone_by)) = (begun, rule.gone_by) {
            let mut ceiling = self.calendar.at_the_latest(begun, gone_by);
            if let (Downgrade::RecomputeAfter, Some(changed)) = (change.downgrade, changed) {
                let notice = change.downgrade_notice.unwrap_or_default();
                ceiling = ceiling.max(self.calendar.at_the_latest(changed, notice));
            }
            if let Some(chosen) = chosen {
                let room = rule.room(self.policy.engine.slack);
                ceiling = ceiling.min(self.calendar.at_the_latest(begun, chosen.plus(room)));
            }
            limits.ceiling = least(limits.ceiling, ceiling);
        }
        match (rule.keep, begun) {
            (Some(Keep::WhileActive), _) if self.stands(rule) => limits.while_active = true,
            (Some(Keep::For(period)), Some(begun)) if self.stands(rule) => {
                let mut floor = self.calendar.at_the_earliest(begun, period);
                if let Some(chosen) = chosen {
                    floor = floor.min(self.calendar.at_the_earliest(begun, chosen));
                }
                let known = if rule.basis == Basis::Legal { &mut limits.law } else { &mut limits.floor };
                *known = (*known).max(Some(floor));
            }
            _ => {}
        }
    }

    fn stands(&self, rule: &Rule) -> bool {
        let gone = |clock| self.record.events.get(clock).is_some();
        let item_is_unwanted = gone(Clock::DeletedByUserAt) || gone(Clock::ErasureRequestedAt);
        match rule.basis {
            Basis::Legal => true,
            Basis::Reopen => !item_is_unwanted,
            Basis::Service => !item_is_unwanted && !gone(Clock::AccountClosedAt),
        }
    }
}

fn least(known: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(other, |known| known.min(other)))
}
