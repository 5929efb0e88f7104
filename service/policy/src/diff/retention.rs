//! Compares what rules promise, case by case: a class, a plan, a tier, an event.

use std::collections::BTreeMap;

use super::{Change, Effect, Topic, ids, opposite, order, sooner, words};
use crate::clause::Clause;
use crate::name::PlanId;
use crate::period::Period;
use crate::policy::{DataClass, Policy};
use crate::rule::{AddressBits, Keep, Rule};
use crate::words::{Action, Basis, Clock, Tier, Unbounded};

/// One kind of promise, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Gone,
    Kept,
    KeptToReopen,
    KeptByLaw,
    Restricted,
    Shortened,
    BitsLeft,
    WhileActive,
    UntilEnded,
    ForEver,
    MayShorten,
    StoppedByHold,
}

/// Identifies a promise: its kind, the event, and the field if it concerns one.
type Key = (Kind, Option<Clock>, Option<String>);

/// What the rules about one promise say. A promise without a period has no periods.
#[derive(Debug, Default)]
struct Said {
    periods: Vec<Period>,
    bits: Vec<AddressBits>,
    clauses: Vec<Clause>,
}

/// What is promised for one class under one plan in one tier.
type Promises = BTreeMap<Key, Said>;

/// A change of one promise of one class, and where it applies. The topic tells whether only words or the promise
/// changed.
type Entry = BTreeMap<(String, Key, String, String, Effect, Topic), Vec<(String, Tier)>>;

pub(super) fn changes(older: &Policy, newer: &Policy) -> Vec<Change> {
    let mut found = Entry::new();
    let mut plans: Vec<(Option<PlanId>, Option<PlanId>, &str)> = older
        .plan_ids()
        .zip(&older.plans)
        .filter_map(|(id, name)| Some((Some(id), Some(newer.plan(name)?), name.as_str())))
        .collect();
    // Rules without a plan promise something even if there are no plans to compare.
    if plans.is_empty() {
        plans.push((None, None, ""));
    }
    for (class, newer_class) in both(older, newer) {
        for (before, after, plan) in &plans {
            for tier in Tier::ALL {
                let before = promises(older, class, *before, *tier);
                let after = promises(newer, newer_class, *after, *tier);
                compare(&class.name, (plan, *tier), &before, &after, &mut found);
            }
        }
    }
    found.into_iter().flat_map(|(change, places)| told(change, &places, plans.len())).collect()
}

fn both<'p>(older: &'p Policy, newer: &'p Policy) -> impl Iterator<Item = (&'p DataClass, &'p DataClass)> {
    older.classes.iter().filter_map(|class| Some((class, newer.classes.iter().find(|other| other.name == class.name)?)))
}

fn promises(policy: &Policy, class: &DataClass, plan: Option<PlanId>, tier: Tier) -> Promises {
    let mut promises = Promises::new();
    let Some(id) = policy.class(&class.name) else { return promises };
    // A class that is held in one tier promises nothing about others.
    if class.only_in.is_some_and(|only| only != tier) {
        return promises;
    }
    let fits = |rule: &&Rule| {
        rule.data.contains(&id)
            && rule.plan.is_none_or(|only| Some(only) == plan)
            && rule.tier.is_none_or(|only| only == tier)
    };
    for rule in policy.rules.iter().filter(fits) {
        promised(rule, &mut promises);
    }
    promises
}

fn promised(rule: &Rule, promises: &mut Promises) {
    // Whether a rule applies was checked before; its id is a name for programs, not a promise.
    let Rule {
        id: _,
        clauses,
        data: _,
        field,
        plan: _,
        tier: _,
        clock,
        keep,
        gone_by,
        unbounded,
        basis,
        action,
        truncate_to,
        org_may_shorten,
        stopped_by_legal_hold,
    } = rule;
    let mut add = |kind: Kind, period: Option<Period>, bits: Option<AddressBits>| {
        let said = promises.entry((kind, *clock, field.clone())).or_default();
        said.periods.extend(period);
        said.bits.extend(bits);
        said.clauses.extend_from_slice(clauses);
    };
    match (keep, basis) {
        (Some(Keep::For(period)), Basis::Legal) => add(Kind::KeptByLaw, Some(*period), None),
        (Some(Keep::For(period)), Basis::Reopen) => add(Kind::KeptToReopen, Some(*period), None),
        (Some(Keep::For(period)), Basis::Service) => add(Kind::Kept, Some(*period), None),
        (Some(Keep::WhileActive), _) => add(Kind::WhileActive, None, None),
        (None, _) => {}
    }
    if let Some(period) = gone_by {
        let kind = match action {
            Action::Purge => Kind::Gone,
            Action::Restrict => Kind::Restricted,
            Action::Truncate => Kind::Shortened,
        };
        add(kind, Some(*period), None);
    }
    match unbounded {
        Some(Unbounded::Promise) => add(Kind::UntilEnded, None, None),
        Some(Unbounded::Aggregate) => add(Kind::ForEver, None, None),
        None => {}
    }
    if truncate_to.is_some() {
        add(Kind::BitsLeft, None, *truncate_to);
    }
    if *org_may_shorten {
        add(Kind::MayShorten, None, None);
    }
    if *stopped_by_legal_hold {
        add(Kind::StoppedByHold, None, None);
    }
}

fn compare(class: &str, (plan, tier): (&str, Tier), before: &Promises, after: &Promises, found: &mut Entry) {
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut add = |key: &Key, before: String, after: String, effect: Effect, topic: Topic| {
        let change = (class.to_owned(), key.clone(), before, after, effect, topic);
        found.entry(change).or_default().push((plan.to_owned(), tier));
    };
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let effect = weigh(key.0, old, new);
        if effect != Effect::None {
            add(key, text(key.0, old), text(key.0, new), effect, Topic::Retention);
        }
        if let (Some(old), Some(new)) = (old, new) {
            let (old, new) = (ids(&old.clauses), ids(&new.clauses));
            if old != new {
                add(key, old, new, Effect::None, Topic::Words);
            }
        }
    }
}

fn weigh(kind: Kind, old: Option<&Said>, new: Option<&Said>) -> Effect {
    let (before, after) = (slice(old), slice(new));
    match kind {
        Kind::WhileActive | Kind::MayShorten | Kind::UntilEnded => order(old.is_some(), new.is_some()),
        Kind::ForEver | Kind::StoppedByHold => order(new.is_some(), old.is_some()),
        Kind::Gone | Kind::Restricted | Kind::Shortened => sooner(before, after),
        // The law keeps data for the benefit of others, so a shorter time is better for the person.
        Kind::KeptByLaw => longest(before, after),
        Kind::Kept | Kind::KeptToReopen => opposite(longest(before, after)),
        Kind::BitsLeft => fewer_bits(old, new),
    }
}

/// The fewest bits of each kind of address remain; fewer bits identify less.
fn fewer_bits(old: Option<&Said>, new: Option<&Said>) -> Effect {
    let fewest = |said: Option<&Said>| {
        let bits = said.map_or(&[][..], |said| &said.bits);
        let least = |of: fn(&AddressBits) -> u32, all: u32| bits.iter().map(of).min().unwrap_or(all);
        (least(|bits| bits.v4, 32), least(|bits| bits.v6, 128))
    };
    let (before, after) = (fewest(old), fewest(new));
    match (order(after.0, before.0), order(after.1, before.1)) {
        (one, other) if one == other => one,
        (Effect::None, effect) | (effect, Effect::None) => effect,
        _ => Effect::Unclear,
    }
}

fn text(kind: Kind, said: Option<&Said>) -> String {
    let Some(said) = said else { return String::new() };
    match kind {
        Kind::WhileActive => "kept as long as the account is active".to_owned(),
        Kind::UntilEnded => "kept until people end it".to_owned(),
        Kind::ForEver => "may stay for ever".to_owned(),
        Kind::MayShorten => "people may choose a shorter time".to_owned(),
        Kind::StoppedByHold => "a legal hold stops it".to_owned(),
        Kind::BitsLeft => {
            let bits = said.bits.iter().map(|bits| format!("/{} and /{}", bits.v4, bits.v6));
            bits.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" or ")
        }
        _ => words(&said.periods),
    }
}

fn slice(said: Option<&Said>) -> &[Period] {
    said.map_or(&[], |said| &said.periods)
}

/// The longest floor counts; this is the effect on a person who wants the data gone.
fn longest(old: &[Period], new: &[Period]) -> Effect {
    let top = |list: &[Period]| -> Vec<Period> {
        list.iter().copied().filter(|one| !list.iter().any(|other| one.always_shorter_than(*other))).collect()
    };
    match (top(old).as_slice(), top(new).as_slice()) {
        ([], []) => Effect::None,
        ([], _) => Effect::Weaker,
        (_, []) => Effect::Stronger,
        (old, new) => sooner(old, new),
    }
}

/// The change in words, once for all plans and tiers with the same change.
fn told(
    (class, (kind, clock, field), before, after, effect, topic): (String, Key, String, String, Effect, Topic),
    places: &[(String, Tier)],
    plans: usize,
) -> Vec<Change> {
    let mut by_plan: BTreeMap<&str, Vec<Tier>> = BTreeMap::new();
    for (plan, tier) in places {
        by_plan.entry(plan).or_default().push(*tier);
    }
    let same_everywhere =
        by_plan.len() == plans && by_plan.values().all(|tiers| Some(tiers) == by_plan.values().next());
    let groups: Vec<(Option<String>, Vec<Tier>)> = if same_everywhere {
        by_plan.into_values().take(1).map(|tiers| (None, tiers)).collect()
    } else {
        by_plan.into_iter().map(|(plan, tiers)| (Some(plan.to_owned()), tiers)).collect()
    };
    let after_event = clock.map_or(String::new(), |clock| format!(" after {}", clock.in_words()));
    let class = field.map_or(class.clone(), |field| format!("{class}, its {field}"));
    let what = match kind {
        Kind::Gone => format!("{class}, gone{after_event}"),
        Kind::Kept => format!("{class}, kept{after_event}"),
        Kind::KeptToReopen => format!("{class}, kept for restoring{after_event}"),
        Kind::KeptByLaw => format!("{class}, kept for the law{after_event}"),
        Kind::Restricted => format!("{class}, access restricted{after_event}"),
        Kind::Shortened => format!("{class} shortened{after_event}"),
        Kind::BitsLeft => format!("{class} shortened to{after_event}"),
        Kind::WhileActive | Kind::UntilEnded | Kind::ForEver | Kind::MayShorten => class,
        Kind::StoppedByHold => format!("{class}{after_event}"),
    };
    let what = if topic == Topic::Words { format!("clauses behind {what}") } else { what };
    groups
        .into_iter()
        .map(|(plan, tiers)| Change {
            topic,
            what: if tiers.len() == 1 { format!("{what}, in {}", tiers[0].as_str()) } else { what.clone() },
            plan,
            before: before.clone(),
            after: after.clone(),
            effect,
            held: effect == Effect::Weaker,
        })
        .collect()
}
