//! Compares what rules promise, case by case: a class, a plan, a place, an event.

use std::collections::BTreeMap;

use super::{Change, Effect, Topic, opposite, sooner, words};
use crate::policy::{DataClass, Policy};
use crate::rule::{Keep, Rule};
use crate::{Action, Basis, Clock, Period, PlanId, Tier};

/// One kind of promise. In this order they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Gone,
    Kept,
    KeptByLaw,
    Restricted,
    Shortened,
    WhileActive,
    MayShorten,
}

/// Which promise: its kind, the event, and the field if it is about one.
type Key = (Kind, Option<Clock>, Option<String>);

/// What is promised for one class under one plan in one place. Promises without a period have an empty list.
type Promises = BTreeMap<Key, Vec<Period>>;

/// A change of one promise of one class, and where it holds.
type Found = BTreeMap<(String, Key, String, String, Effect), Vec<(String, Tier)>>;

pub(super) fn changes(older: &Policy, newer: &Policy) -> Vec<Change> {
    let mut found = Found::new();
    let plans: Vec<(PlanId, PlanId, &str)> = older
        .plan_ids()
        .zip(&older.plans)
        .filter_map(|(id, name)| Some((id, newer.plan(name)?, name.as_str())))
        .collect();
    for (class, newer_class) in both(older, newer) {
        for (before, after, plan) in &plans {
            for tier in Tier::ALL {
                let before = promises(older, class, *before, *tier);
                let after = promises(newer, newer_class, *after, *tier);
                compare(&class.name, plan, *tier, &before, &after, &mut found);
            }
        }
    }
    found.into_iter().flat_map(|(change, places)| told(change, &places, plans.len())).collect()
}

fn both<'p>(older: &'p Policy, newer: &'p Policy) -> impl Iterator<Item = (&'p DataClass, &'p DataClass)> {
    older.classes.iter().filter_map(|class| Some((class, newer.classes.iter().find(|other| other.name == class.name)?)))
}

fn promises(policy: &Policy, class: &DataClass, plan: PlanId, tier: Tier) -> Promises {
    let mut promises = Promises::new();
    let Some(id) = policy.class(&class.name) else { return promises };
    // A class that lies in one place promises nothing about others.
    if class.only_in.is_some_and(|only| only != tier) {
        return promises;
    }
    let fits = |rule: &&Rule| {
        rule.data.contains(&id)
            && rule.plan.is_none_or(|only| only == plan)
            && rule.tier.is_none_or(|only| only == tier)
    };
    for rule in policy.rules.iter().filter(fits) {
        let mut add = |kind: Kind, period: Option<Period>| {
            let list = promises.entry((kind, rule.clock, rule.field.clone())).or_default();
            list.extend(period);
        };
        match rule.keep {
            Some(Keep::For(period)) if rule.basis == Basis::Legal => add(Kind::KeptByLaw, Some(period)),
            Some(Keep::For(period)) => add(Kind::Kept, Some(period)),
            Some(Keep::WhileActive) => add(Kind::WhileActive, None),
            None => {}
        }
        match (rule.action, rule.gone_by) {
            (Action::Purge, Some(period)) => add(Kind::Gone, Some(period)),
            (Action::Restrict, Some(period)) => add(Kind::Restricted, Some(period)),
            (Action::Truncate, Some(period)) => add(Kind::Shortened, Some(period)),
            (_, None) => {}
        }
        if rule.org_may_shorten {
            add(Kind::MayShorten, None);
        }
    }
    promises
}

fn compare(class: &str, plan: &str, tier: Tier, before: &Promises, after: &Promises, found: &mut Found) {
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let kind = key.0;
        let effect = match kind {
            Kind::WhileActive | Kind::MayShorten => match (old.is_some(), new.is_some()) {
                (true, false) => Effect::Weaker,
                (false, true) => Effect::Stronger,
                _ => Effect::None,
            },
            Kind::Gone | Kind::Restricted | Kind::Shortened => sooner(slice(old), slice(new)),
            // The law keeps data for others, so that less of it is more for the person.
            Kind::KeptByLaw => longest(old, new),
            Kind::Kept => opposite(longest(old, new)),
        };
        if effect != Effect::None {
            let text = |list: Option<&Vec<Period>>| match (list, kind) {
                (None, _) => String::new(),
                (Some(_), Kind::WhileActive) => "kept as long as the account is active".to_owned(),
                (Some(_), Kind::MayShorten) => "people may choose less".to_owned(),
                (Some(periods), _) => words(periods),
            };
            let change = (class.to_owned(), key.clone(), text(old), text(new), effect);
            found.entry(change).or_default().push((plan.to_owned(), tier));
        }
    }
}

fn slice(list: Option<&Vec<Period>>) -> &[Period] {
    list.map_or(&[], Vec::as_slice)
}

/// Of floors the longest counts; this is the effect on somebody who wants it to go.
fn longest(old: Option<&Vec<Period>>, new: Option<&Vec<Period>>) -> Effect {
    let top = |list: Option<&Vec<Period>>| -> Vec<Period> {
        let list = slice(list);
        list.iter().copied().filter(|one| !list.iter().any(|other| one.always_shorter_than(*other))).collect()
    };
    match (top(old).as_slice(), top(new).as_slice()) {
        ([], []) => Effect::None,
        ([], _) => Effect::Weaker,
        (_, []) => Effect::Stronger,
        (old, new) => sooner(old, new),
    }
}

/// The change in words, once for all plans and places that it is the same for.
fn told(
    (class, (kind, clock, field), before, after, effect): (String, Key, String, String, Effect),
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
    let what = match kind {
        Kind::Gone => format!("{class}, gone{after_event}"),
        Kind::Kept => format!("{class}, kept{after_event}"),
        Kind::KeptByLaw => format!("{class}, kept for the law{after_event}"),
        Kind::Restricted => format!("{class}, readable by few{after_event}"),
        Kind::Shortened => format!("{class}, its {} shortened{after_event}", field.unwrap_or_default()),
        Kind::WhileActive | Kind::MayShorten => class,
    };
    groups
        .into_iter()
        .map(|(plan, tiers)| Change {
            topic: Topic::Retention,
            what: if tiers.len() == 1 { format!("{what}, in {}", tiers[0].as_str()) } else { what.clone() },
            plan,
            before: before.clone(),
            after: after.clone(),
            effect,
            held: effect == Effect::Weaker,
        })
        .collect()
}
