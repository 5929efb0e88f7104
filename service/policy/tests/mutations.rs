//! Every rule of every preset is changed in turn, and a known answer must then be wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

mod known;

use known::{Vector, all};
use packshot_policy::{Basis, Clock, Keep, Period, Policy, Preset, Retention, Rule, Tier};

/// The rule with one thing changed, each with a word for it.
fn changes(policy: &Policy, rule: &Rule) -> Vec<(String, Rule)> {
    let mut changed = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Rule)| {
        let mut other = rule.clone();
        change(&mut other);
        changed.push((what, other));
    };
    let hour = Period::seconds(3_600);
    if let Some(period) = rule.gone_by {
        add("gone by later".into(), &|rule| rule.gone_by = Some(period.plus(hour)));
        add("gone by at once".into(), &|rule| rule.gone_by = Some(Period::default()));
        add("no ceiling".into(), &|rule| rule.gone_by = None);
    }
    match rule.keep {
        Some(Keep::For(period)) => {
            add("kept longer".into(), &|rule| rule.keep = Some(Keep::For(period.plus(hour))));
            add("not kept".into(), &|rule| rule.keep = None);
        }
        Some(Keep::WhileActive) => add("not kept while active".into(), &|rule| rule.keep = None),
        None => {}
    }
    if rule.unbounded.is_some() && rule.keep.is_none() {
        add("not unlimited".into(), &|rule| rule.unbounded = None);
    }
    for clock in Clock::ALL.iter().filter(|clock| rule.clock.is_some_and(|own| own != **clock)) {
        add(format!("clock {}", clock.as_str()), &|rule| rule.clock = Some(*clock));
    }
    for plan in policy.plan_ids().filter(|plan| rule.plan.is_some_and(|own| own != *plan)) {
        add(format!("plan {plan:?}"), &|rule| rule.plan = Some(plan));
    }
    if rule.basis == Basis::Legal {
        add("not by law".into(), &|rule| rule.basis = Basis::Service);
    }
    for tier in Tier::ALL.iter().copied().map(Some).chain([None]).filter(|tier| *tier != rule.tier) {
        add(format!("tier {tier:?}"), &|rule| rule.tier = tier);
    }
    for class in rule.data.iter().filter(|_| rule.data.len() > 1) {
        add(format!("without {}", policy.classes[class.index()].name), &|rule| {
            rule.data.retain(|known| known != class);
        });
    }
    changed
}

fn noticed(policy: &Policy, rules: Vec<Rule>, vectors: &[Vector<'_>]) -> bool {
    let mut changed = policy.clone();
    changed.rules = rules;
    let retention = Retention::new(&changed);
    vectors.iter().any(|vector| !vector.holds(&changed, &retention))
}

#[test]
fn no_change_of_a_rule_goes_unnoticed() {
    let (mut count, mut unnoticed) = (0, Vec::new());
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let mut vectors = all();
        vectors.retain(|vector| vector.cells[1] == preset.name);
        for (place, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| rule.field.is_none()) {
            let mut without = policy.rules.clone();
            without.remove(place);
            let mut mutants = vec![("removed".to_owned(), without)];
            for (what, other) in changes(&policy, rule) {
                let mut rules = policy.rules.clone();
                rules[place] = other;
                mutants.push((what, rules));
            }
            for (what, rules) in mutants {
                count += 1;
                if !noticed(&policy, rules, &vectors) {
                    unnoticed.push(format!("{} {}: {what}", preset.name, rule.id));
                }
            }
        }
    }
    println!("{count} changes, {} unnoticed", unnoticed.len());
    assert!(unnoticed.is_empty(), "of {count} changes nobody notices {}:\n{}", unnoticed.len(), unnoticed.join("\n"));
}
