//! Judges a sweep by other code than the one it asked: the rules are read anew, one by one, as the policy states them.

use jiff::Timestamp;

use super::outcome::Wrong;
use crate::policy::Policy;
use crate::record::Record;
use crate::rule::{Keep, Rule};
use crate::{Action, Basis, Calendar, Clock, Downgrade, Tier};

/// What a judge found about one record.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Judged {
    pub(super) wrong: Option<Wrong>,
    /// How many seconds before its ceiling it was gone.
    pub(super) spare: Option<i64>,
    /// Whether only few could read it at the end.
    pub(super) restricted: bool,
}

/// What the rules say about one copy, with everything that is known to have happened.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    /// Nothing may be left after this, but for the law and for holds.
    ceiling: Option<Timestamp>,
    floor: Option<Timestamp>,
    law: Option<Timestamp>,
    while_active: bool,
}

pub(super) fn judge(
    policy: &Policy,
    calendar: &Calendar,
    record: &Record,
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
        // A floor that reaches into the last hours before a ceiling gives way to the work.
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
    // The copies in backups lose their key with the record, or wait for the last backup to go.
    if judged.wrong.is_none()
        && record.tier == Tier::Production
        && let Some(purged) = purged
    {
        let window = if policy.backup.shred { crate::Period::default() } else { policy.backup.window };
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

/// When nothing may be left, with the law and holds.
fn last(limits: &Limits, record: &Record, calendar: &Calendar, policy: &Policy) -> Option<Timestamp> {
    let ceiling = limits.ceiling?;
    let lawful = limits.law.map_or(ceiling, |law| law.max(ceiling));
    match record.hold {
        Some(hold) if hold.from < lawful => {
            hold.until.map(|until| calendar.at_the_latest(until, policy.engine.slack).max(lawful))
        }
        _ => Some(lawful),
    }
}

fn limits(policy: &Policy, calendar: &Calendar, record: &Record) -> Limits {
    let mut limits = Limits::default();
    for rule in policy.rules.iter().filter(|rule| rule.data.contains(&record.class) && rule.field.is_none()) {
        if rule.tier.is_some_and(|tier| tier != record.tier) || rule.action == Action::Restrict {
            continue;
        }
        let begun = rule.clock.map(|clock| record.events.get(clock));
        // `Some(None)`: it has a clock, and that has not started.
        if begun == Some(None) {
            continue;
        }
        let begun = begun.flatten();
        let now = rule.plan.is_none_or(|plan| plan == record.plan);
        let before = record.downgrade.is_some_and(|down| rule.plan.is_none_or(|plan| plan == down.from));
        if now {
            by_the_plan_of_today(policy, calendar, record, rule, begun, &mut limits);
        } else if let (true, Some(begun), Some(gone_by)) = (before, begun, rule.gone_by) {
            limits.ceiling = least(limits.ceiling, calendar.at_the_latest(begun, gone_by));
        }
    }
    limits
}

fn by_the_plan_of_today(
    policy: &Policy,
    calendar: &Calendar,
    record: &Record,
    rule: &Rule,
    begun: Option<Timestamp>,
    limits: &mut Limits,
) {
    let down = record.downgrade.filter(|down| rule.plan.is_some() && down.from != record.plan).map(|down| down.at);
    let begun = match (policy.plan_change.downgrade, begun, down) {
        (Downgrade::FromChange, Some(begun), Some(down)) => Some(begun.max(down)),
        (_, begun, _) => begun,
    };
    let chosen = record.chosen.filter(|_| rule.org_may_shorten && rule.basis != Basis::Legal);
    if let (Some(begun), Some(gone_by)) = (begun, rule.gone_by) {
        let mut ceiling = calendar.at_the_latest(begun, gone_by);
        if let (Downgrade::RecomputeAfter, Some(down)) = (policy.plan_change.downgrade, down) {
            let notice = policy.plan_change.downgrade_notice.unwrap_or_default();
            ceiling = ceiling.max(calendar.at_the_latest(down, notice));
        }
        if let Some(chosen) = chosen {
            let room = rule.room(policy.engine.slack);
            ceiling = ceiling.min(calendar.at_the_latest(begun, chosen.plus(room)));
        }
        limits.ceiling = least(limits.ceiling, ceiling);
    }
    let gone = |clock| record.events.get(clock).is_some();
    let item_is_unwanted = gone(Clock::DeletedByUserAt) || gone(Clock::ErasureRequestedAt);
    let stands = match rule.basis {
        Basis::Legal => true,
        Basis::Reopen => !item_is_unwanted,
        Basis::Service => !item_is_unwanted && !gone(Clock::AccountClosedAt),
    };
    match (rule.keep, begun) {
        (Some(Keep::WhileActive), _) if stands => limits.while_active = true,
        (Some(Keep::For(period)), Some(begun)) if stands => {
            let mut floor = calendar.at_the_earliest(begun, period);
            if let Some(chosen) = chosen {
                floor = floor.min(calendar.at_the_earliest(begun, chosen));
            }
            let known = if rule.basis == Basis::Legal { &mut limits.law } else { &mut limits.floor };
            *known = Some(known.map_or(floor, |known| known.max(floor)));
        }
        _ => {}
    }
}

fn least(known: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(other, |known| known.min(other)))
}
