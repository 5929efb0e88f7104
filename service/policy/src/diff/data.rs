//! Compares the classes of data, their permitted uses, and who else receives them.

use std::collections::BTreeMap;

use super::{Changes, Effect, Topic, grown, opposite, order, sooner, words, yes_no};
use crate::clause::Clause;
use crate::policy::{DataClass, Never, Policy, Processor};
use crate::words::{CookieClass, Purpose, Tier};

pub(super) fn changes(older: &Policy, newer: &Policy, changes: &mut Changes) {
    uses(older, newer, changes);
    for pair in super::paired(&older.processors, &newer.processors, |to| &to.id) {
        match pair {
            (Some(before), Some(after)) => processor(before, after, changes),
            (None, Some(new)) => {
                changes.add_held(Topic::Processor, &new.name, String::new(), gets(new), Effect::Weaker);
            }
            (Some(gone), None) => {
                changes.add(Topic::Processor, &gone.name, gets(gone), String::new(), Effect::Stronger);
            }
            (None, None) => {}
        }
    }
    for pair in super::paired(&older.classes, &newer.classes, |class| &class.name) {
        match pair {
            (Some(before), Some(after)) => class(before, after, changes),
            (None, Some(new)) => {
                let effect = if new.personal { Effect::Weaker } else { Effect::None };
                changes.add(Topic::Data, &new.name, String::new(), "collected".to_owned(), effect);
            }
            // No rule ends existing data any more.
            (Some(gone), None) => {
                changes.add_held(Topic::Data, &gone.name, "collected".to_owned(), String::new(), Effect::Weaker);
            }
            (None, None) => {}
        }
    }
}

/// Compares which uses of which data are ruled out, whatever entries say so.
fn uses(older: &Policy, newer: &Policy, changes: &mut Changes) {
    let both = |class: &&DataClass| newer.classes.iter().any(|other| other.name == class.name);
    for purpose in Purpose::ALL {
        let mut found: BTreeMap<(String, String, Effect), Vec<&str>> = BTreeMap::new();
        for class in older.classes.iter().filter(both) {
            let (before, after) = (barrier(older, &class.name, *purpose), barrier(newer, &class.name, *purpose));
            if before != after {
                let effect = match (&before, &after) {
                    (Barrier::Consent(_), Barrier::Consent(_)) => Effect::Unclear,
                    _ => order(before.clone(), after.clone()),
                };
                found.entry((before.words(), after.words(), effect)).or_default().push(&class.name);
            }
        }
        for ((before, after, effect), classes) in found {
            let what = format!("use of {} for {}", classes.join(", "), purpose.as_str());
            changes.add_held(Topic::Never, what, before, after, effect);
        }
        let behind = format!("what is ruled out for {}", purpose.as_str());
        changes.clauses(&behind, &against(older, *purpose), &against(newer, *purpose));
    }
    for class in CookieClass::ALL {
        let never = |policy: &Policy| policy.never.iter().any(|never| never.cookies.contains(class));
        let (before, after) = (never(older), never(newer));
        if before != after {
            let word = |never| if never { "never" } else { "not ruled out" }.to_owned();
            let what = format!("{} cookies", class.as_str());
            changes.add(Topic::Never, what, word(before), word(after), order(before, after));
        }
    }
}

/// The clauses behind every promise not to use data for something.
fn against(policy: &Policy, purpose: Purpose) -> Vec<Clause> {
    let ruled_out = policy.never.iter().filter(|never| never.purposes.contains(&purpose));
    ruled_out
        .flat_map(|never| {
            let Never { clauses, data: _, purposes: _, unless_consent: _, cookies: _ } = never;
            clauses.clone()
        })
        .collect()
}

/// How a use is restricted; greater values restrict more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Barrier {
    NotRuledOut,
    Consent(String),
    RuledOut,
}

impl Barrier {
    fn words(&self) -> String {
        match self {
            Barrier::NotRuledOut => "not ruled out".to_owned(),
            Barrier::Consent(consent) => format!("only with the consent `{consent}`"),
            Barrier::RuledOut => "ruled out".to_owned(),
        }
    }
}

fn barrier(policy: &Policy, class: &str, purpose: Purpose) -> Barrier {
    let against =
        policy.never.iter().filter(|never| never.purposes.contains(&purpose) && policy.rules_out(never, class));
    against
        .map(|never| never.unless_consent.clone().map_or(Barrier::RuledOut, Barrier::Consent))
        .max()
        .unwrap_or(Barrier::NotRuledOut)
}

fn gets(to: &Processor) -> String {
    format!("gets {} for {}", to.sends.join(", "), for_what(to))
}

/// `mail and marketing`.
fn for_what(to: &Processor) -> String {
    let mut words: Vec<&str> = to.purposes.iter().map(|purpose| purpose.as_str()).collect();
    words.sort_unstable();
    words.join(" and ")
}

fn processor(before: &Processor, after: &Processor, changes: &mut Changes) {
    let Processor { id: _, name, clauses, purposes, sends, ttl, needs_consent: _, regions, dpa } = before;
    changes.add(Topic::Processor, "its name", name.clone(), after.name.clone(), Effect::None);
    for (what, old, new) in [("gets", sends, &after.sends), ("works in", regions, &after.regions)] {
        let effect = opposite(grown(old, new));
        if effect != Effect::None {
            changes.add_held(Topic::Processor, format!("{name} {what}"), old.join(", "), new.join(", "), effect);
        }
    }
    let fewer = after.purposes.iter().all(|purpose| purposes.contains(purpose));
    let effect = if fewer { Effect::Stronger } else { Effect::Weaker };
    changes.add_held(Topic::Processor, format!("{name} uses it for"), for_what(before), for_what(after), effect);
    let (old, new) = (Vec::from_iter(*ttl), Vec::from_iter(after.ttl));
    let what = format!("{name} may hold it for");
    changes.add_held(Topic::Processor, what, words(&old), words(&new), sooner(&old, &new));
    let what = format!("{name} is bound by a contract");
    changes.add_held(Topic::Processor, what, yes_no(*dpa), yes_no(after.dpa), order(*dpa, after.dpa));
    // The consents for purposes in both versions; new purposes are reported above.
    for purpose in purposes.iter().filter(|purpose| after.purposes.contains(purpose)) {
        let consent = |to: &Processor| to.consent_for(*purpose).unwrap_or_default().to_owned();
        let (old, new) = (consent(before), consent(after));
        let effect = match (old.is_empty(), new.is_empty()) {
            (_, true) => Effect::Weaker,
            (true, false) => Effect::Stronger,
            (false, false) => Effect::Unclear,
        };
        changes.add_held(Topic::Processor, format!("{name} needs the consent"), old, new, effect);
    }
    changes.clauses(name, clauses, &after.clauses);
}

fn class(before: &DataClass, after: &DataClass, changes: &mut Changes) {
    let DataClass { name, group, title, why, clauses, fields, personal: _, aggregate_of: _, only_in } = before;
    let effect = opposite(grown(fields, &after.fields));
    if effect != Effect::None {
        let what = format!("fields of {name}");
        changes.add(Topic::Data, what, fields.join(", "), after.fields.join(", "), effect);
    }
    let says = |class: &DataClass| match (class.personal, class.aggregate_of) {
        (true, Some(people)) => format!("sums over at least {people} people"),
        (false, Some(people)) => format!("not personal, sums over at least {people} people"),
        (true, None) => "personal".to_owned(),
        (false, None) => "not personal".to_owned(),
    };
    // Data that is no longer personal needs no end any more.
    let effect = match (before.personal, after.personal) {
        (true, false) => Effect::Weaker,
        (false, true) => Effect::Stronger,
        _ => Effect::Unclear,
    };
    changes.add_held(Topic::Data, name, says(before), says(after), effect);
    let place = |tier: Option<Tier>| tier.map_or(String::new(), |tier| tier.as_str().to_owned());
    let effect = match (only_in, after.only_in) {
        (Some(_), None) => Effect::Weaker,
        (None, Some(_)) => Effect::Stronger,
        _ => Effect::Unclear,
    };
    let what = format!("{name} lies only in");
    changes.add_held(Topic::Data, what, place(*only_in), place(after.only_in), effect);
    changes.words(format!("group of {name}"), group, &after.group);
    changes.maybe(format!("name that people know {name} by"), title.as_ref(), after.title.as_ref());
    changes.maybe(format!("reason to collect {name}"), why.as_ref(), after.why.as_ref());
    changes.clauses(name, clauses, &after.clauses);
}
