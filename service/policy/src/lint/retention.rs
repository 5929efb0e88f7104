//! Checks that everything can be kept and deleted in time.

use std::collections::BTreeSet;

use super::{Check, Findings};
use crate::events::BEGINNINGS;
use crate::name::{ClassId, PlanId};
use crate::period::Period;
use crate::policy::{DataClass, Policy};
use crate::rule::{Keep, Rule};
use crate::words::{Action, Clock, Tier, Unbounded};

/// The class of deletion records. Its name is fixed, because restores look for it.
pub(crate) const TOMBSTONE: &str = "tombstone";

pub(super) fn check(policy: &Policy, findings: &mut Findings) {
    if policy.plans.is_empty() {
        findings.add(Check::NoPlans, "plans", &[], "no plan is named");
    }
    for (id, class) in policy.class_ids() {
        class_ends(policy, id, class, findings);
    }
    for rule in &policy.rules {
        rule_is_possible(policy, rule, findings);
        rule_has_effect(policy, rule, findings);
        backups_follow(policy, rule, findings);
    }
    contradictions(policy, findings);
    backups(policy, findings);
    if !policy.engine.sweep_every.always_shorter_than(policy.engine.slack) {
        let message = format!("a sweep every {} with a slack of {}", policy.engine.sweep_every, policy.engine.slack);
        findings.add(Check::SweepReachesSlack, "engine", &[], message);
    }
}

/// Checks that every class of personal data has an end, under every plan, in production and in backups.
fn class_ends(policy: &Policy, id: ClassId, class: &DataClass, findings: &mut Findings) {
    let rules: Vec<&Rule> =
        policy.rules.iter().filter(|rule| rule.data.contains(&id) && rule.field.is_none()).collect();
    if rules.is_empty() {
        findings.add(Check::ClassWithoutRule, &class.name, &[], "no rule says how long it is kept");
        return;
    }
    if !class.needs_a_ceiling() {
        return;
    }
    let tiers = class.only_in.map_or(vec![Tier::Production, Tier::Backup], |tier| vec![tier]);
    let plans = policy.plan_ids().map(Some).zip(policy.plans.iter().map(String::as_str));
    let nameless = policy.plans.is_empty().then_some((None, "any"));
    for (plan, name) in plans.chain(nameless) {
        for tier in &tiers {
            let fitting: Vec<&Rule> = rules.iter().copied().filter(|rule| speaks_for(rule, plan, *tier)).collect();
            if !has_end(&fitting) {
                let clauses: BTreeSet<_> = rules.iter().flat_map(|rule| rule.clauses.clone()).collect();
                let clauses: Vec<_> = clauses.into_iter().collect();
                let message = format!("nothing ends it under the plan `{name}` in {}", tier.as_str());
                findings.add(Check::UnboundedPersonalData, &class.name, &clauses, message);
            }
        }
    }
}

fn speaks_for(rule: &Rule, plan: Option<PlanId>, tier: Tier) -> bool {
    rule.plan.is_none_or(|only| Some(only) == plan) && rule.tier.is_none_or(|only| only == tier)
}

fn has_end(rules: &[&Rule]) -> bool {
    let ends = |clock: Clock| {
        rules.iter().any(|rule| rule.clock == Some(clock) && rule.gone_by.is_some() && rule.action == Action::Purge)
    };
    let for_life =
        rules.iter().any(|rule| rule.keep == Some(Keep::WhileActive) || rule.unbounded == Some(Unbounded::Promise));
    BEGINNINGS.into_iter().any(ends) || ((for_life || ends(Clock::ConsentWithdrawnAt)) && ends(Clock::AccountClosedAt))
}

/// Checks the periods of one rule against each other and against the engine.
fn rule_is_possible(policy: &Policy, rule: &Rule, findings: &mut Findings) {
    let slack = policy.engine.slack;
    if let Some(field) = &rule.field {
        let lists = |id: &ClassId| {
            let class = policy.described(*id);
            class.is_some_and(|class| class.fields.iter().any(|known| known.trim_end_matches('?') == field))
        };
        if !rule.data.iter().all(lists) {
            let message = format!("not every class of the rule lists the field `{field}`");
            findings.add(Check::UnknownField, &rule.id, &rule.clauses, message);
        }
    }
    let Some(gone_by) = rule.gone_by else { return };
    if let Some(Keep::For(keep_for)) = rule.keep
        && !keep_for.plus(slack).always_shorter_than(gone_by)
    {
        let message = format!("kept for {keep_for} and gone by {gone_by}, with a slack of {slack}");
        findings.add(Check::FloorReachesCeiling, &rule.id, &rule.clauses, message);
    }
    // Copies at a processor are deleted by the job itself, before it ends.
    if rule.tier != Some(Tier::Processor) && !slack.always_shorter_than(gone_by) {
        let message = format!("gone by {gone_by}, with a slack of {slack}");
        findings.add(Check::SlackReachesCeiling, &rule.id, &rule.clauses, message);
    }
    let deletion = rule.clock == Some(Clock::DeletedByUserAt) && matches!(rule.tier, None | Some(Tier::Production));
    if deletion && !policy.engine.restore_for.plus(slack).always_shorter_than(gone_by) {
        let restore_for = policy.engine.restore_for;
        let message =
            format!("gone {gone_by} after a deletion that can be undone for {restore_for}, with a slack of {slack}");
        findings.add(Check::RestoreOutlastsDelete, &rule.id, &rule.clauses, message);
    }
}

/// Checks that a rule can apply, and is not made redundant by a more general one.
fn rule_has_effect(policy: &Policy, rule: &Rule, findings: &mut Findings) {
    let held_there = |id: &ClassId| {
        let only = policy.described(*id).and_then(|class| class.only_in);
        rule.tier.is_none() || only.is_none() || rule.tier == only
    };
    if !rule.data.iter().any(held_there) {
        findings.add(Check::RuleWithoutEffect, &rule.id, &rule.clauses, "none of its data is ever in its tier");
    }
    // Two rules about exactly the same case contradict each other; here one is an exception without effect.
    let covers = |other: &&Rule| {
        !std::ptr::eq(*other, rule)
            && !same_case(other, rule)
            && rule.data.iter().all(|class| other.data.contains(class))
            && other.plan.is_none_or(|plan| rule.plan == Some(plan))
            && other.tier.is_none_or(|tier| rule.tier == Some(tier))
            && other.clock == rule.clock
            && other.field == rule.field
            && other.action == rule.action
    };
    if let (Some(gone_by), None) = (rule.gone_by, rule.keep) {
        let stricter = |other: &&Rule| other.gone_by.is_some_and(|period| period.always_shorter_than(gone_by));
        if let Some(other) = policy.rules.iter().filter(covers).find(stricter) {
            let message = format!("the rule `{}` ends the same data earlier", other.id);
            findings.add(Check::RuleWithoutEffect, &rule.id, &rule.clauses, message);
        }
    }
}

/// Checks that two rules about the same data and event agree, whatever their clauses.
fn contradictions(policy: &Policy, findings: &mut Findings) {
    for (place, one) in policy.rules.iter().enumerate() {
        for other in policy.rules.iter().skip(place + 1) {
            let same_data = one.data.iter().any(|class| other.data.contains(class));
            if !same_data || one.clock != other.clock || one.field != other.field {
                continue;
            }
            let message = if same_case(one, other) && ends_differ(one, other) {
                format!("`{}` ends the same data differently: {} and {}", other.id, says(one), says(other))
            } else if both_hold(one, other) && (floor_reaches(one, other) || floor_reaches(other, one)) {
                format!(
                    "with `{}` it must still be kept when it must be gone: {} and {}",
                    other.id,
                    says(one),
                    says(other)
                )
            } else {
                continue;
            };
            let clauses: BTreeSet<_> = one.clauses.iter().chain(&other.clauses).cloned().collect();
            findings.add(Check::Contradiction, &one.id, &Vec::from_iter(clauses), message);
        }
    }
}

/// Whether two rules apply in exactly the same case: neither is an exception to the other.
fn same_case(one: &Rule, other: &Rule) -> bool {
    (one.clock, one.plan, one.tier, &one.field, one.action)
        == (other.clock, other.plan, other.tier, &other.field, other.action)
}

/// Whether both rules apply to some copy.
fn both_hold(one: &Rule, other: &Rule) -> bool {
    let meet = |plans: (Option<PlanId>, Option<PlanId>)| plans.0.is_none() || plans.1.is_none() || plans.0 == plans.1;
    meet((one.plan, other.plan)) && (one.tier.is_none() || other.tier.is_none() || one.tier == other.tier)
}

/// Whether both rules set an end or a floor, but different ones. One may set what the other leaves open.
fn ends_differ(one: &Rule, other: &Rule) -> bool {
    let differ = |one: Option<Period>, other: Option<Period>| one.zip(other).is_some_and(|(one, other)| one != other);
    differ(one.gone_by, other.gone_by)
        || (one.basis == other.basis && differ(floor(one), floor(other)))
        || one.truncate_to.zip(other.truncate_to).is_some_and(|(one, other)| one != other)
}

fn floor(rule: &Rule) -> Option<Period> {
    match rule.keep {
        Some(Keep::For(period)) => Some(period),
        _ => None,
    }
}

/// Whether one rule keeps the data until the other must have ended it, or longer.
fn floor_reaches(one: &Rule, other: &Rule) -> bool {
    let ceiling = other.gone_by.filter(|_| other.action == Action::Purge);
    floor(one).zip(ceiling).is_some_and(|(floor, ceiling)| !floor.always_shorter_than(ceiling))
}

/// `kept for 30d, gone by 31d`.
fn says(rule: &Rule) -> String {
    let kept = floor(rule).map(|period| format!("kept for {period}"));
    let gone = rule.gone_by.map(|period| format!("gone by {period}"));
    let left = rule.truncate_to.map(|bits| format!("/{} and /{} left", bits.v4, bits.v6));
    [kept, gone, left].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Checks that copies in backups are gone in time.
fn backups_follow(policy: &Policy, rule: &Rule, findings: &mut Findings) {
    let Some(gone_by) = rule.gone_by.filter(|_| rule.action == Action::Purge) else { return };
    let window = policy.backup.window;
    match rule.tier {
        Some(Tier::Backup) => {
            // The copy in production is deleted first, by the rule about the same event.
            let production = policy.rules.iter().filter(|other| {
                other.tier == Some(Tier::Production)
                    && other.clock == rule.clock
                    && other.data.iter().any(|class| rule.data.contains(class))
            });
            let first = production.filter_map(|other| other.gone_by).next().unwrap_or_default();
            let needed = first.plus(window);
            if gone_by.always_shorter_than(needed) {
                let message = format!("gone from backups by {gone_by}, but a backup may hold it for {needed}");
                findings.add(Check::BackupOutlastsRule, &rule.id, &rule.clauses, message);
            }
        }
        None if !policy.backup.shred && !window.is_zero() => {
            let in_backups =
                |id: &ClassId| policy.described(*id).is_some_and(|class| class.personal && class.only_in.is_none());
            let needed = window.plus(policy.engine.slack);
            if rule.data.iter().any(in_backups) && !needed.always_shorter_than(gone_by) {
                let message = format!("gone by {gone_by} with backups held for {window}, but keys are not shredded");
                findings.add(Check::CeilingWithoutShred, &rule.id, &rule.clauses, message);
            }
        }
        _ => {}
    }
}

/// Checks that a restore cannot bring back deleted data.
fn backups(policy: &Policy, findings: &mut Findings) {
    let window = policy.backup.window;
    if window.is_zero() {
        return;
    }
    let Some(tombstone) = policy.class(TOMBSTONE).filter(|_| policy.backup.restore_replays_tombstones) else {
        let message = format!("backups are held for {window}, but deletions are not repeated after a restore");
        findings.add(Check::RestoreWithoutReplay, "backup", &[], message);
        return;
    };
    let dies = |period: Period| !window.always_shorter_than(period);
    for rule in policy.rules.iter().filter(|rule| rule.data.contains(&tombstone)) {
        if let Some(gone_by) = rule.gone_by.filter(|period| dies(*period)) {
            let message = format!("tombstones end after {gone_by}, backups after {window}");
            findings.add(Check::TombstoneDiesFirst, &rule.id, &rule.clauses, message);
        }
    }
}
