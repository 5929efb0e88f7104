//! Every rule of every preset is changed in turn, and a known answer must then be wrong.

use crate::known::{FIELDS, Vector, all, other_periods, vectors};
use packshot_policy::{Action, AddressBits, Basis, ClassId, Clock, Keep, Policy, Preset, Retention, Rule, Tier};

/// The rule with one thing changed, each with a word for it.
fn changes(policy: &Policy, rule: &Rule) -> Vec<(String, Rule)> {
    let mut changed = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Rule)| {
        let mut other = rule.clone();
        change(&mut other);
        changed.push((what, other));
    };
    if let Some(period) = rule.gone_by {
        for (what, other) in other_periods(period) {
            add(format!("gone by: {what}"), &|rule| rule.gone_by = Some(other));
        }
        add("no ceiling".into(), &|rule| rule.gone_by = None);
    }
    match rule.keep {
        Some(Keep::For(period)) => {
            for (what, other) in other_periods(period) {
                add(format!("kept: {what}"), &|rule| rule.keep = Some(Keep::For(other)));
            }
            add("not kept".into(), &|rule| rule.keep = None);
            add("kept while active".into(), &|rule| rule.keep = Some(Keep::WhileActive));
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
    for plan in policy.plan_ids().map(Some).chain([None]).filter(|plan| rule.plan != *plan) {
        add(format!("plan {plan:?}"), &|rule| rule.plan = plan);
    }
    for basis in Basis::ALL.iter().filter(|basis| rule.keep.is_some() && rule.basis != **basis) {
        add(format!("basis {}", basis.as_str()), &|rule| rule.basis = *basis);
    }
    for tier in Tier::ALL.iter().copied().map(Some).chain([None]).filter(|tier| *tier != rule.tier) {
        add(format!("tier {tier:?}"), &|rule| rule.tier = tier);
    }
    if rule.gone_by.is_some() && rule.field.is_none() {
        let action = if rule.action == Action::Restrict { Action::Purge } else { Action::Restrict };
        add(format!("action {}", action.as_str()), &|rule| rule.action = action);
    }
    if let Some(bits) = rule.truncate_to {
        add("more bits left".into(), &|rule| rule.truncate_to = Some(AddressBits { v4: bits.v4 + 1, ..bits }));
        add("fewer bits left".into(), &|rule| rule.truncate_to = Some(AddressBits { v6: bits.v6 - 1, ..bits }));
        add("the whole field gone".into(), &|rule| rule.action = Action::Purge);
        add("another field".into(), &|rule| rule.field = Some("email".into()));
        add("the whole record".into(), &|rule| rule.field = None);
    }
    for class in rule.data.iter().filter(|_| rule.data.len() > 1) {
        add(format!("without {}", class_name(policy, *class)), &|rule| rule.data.retain(|known| known != class));
    }
    changed
}

fn class_name(policy: &Policy, class: ClassId) -> &str {
    &policy.described(class).unwrap().name
}

fn noticed(policy: &Policy, rules: Vec<Rule>, records: &[Vector<'_>], fields: &[Vector<'_>]) -> bool {
    let mut changed = policy.clone();
    changed.rules = rules;
    let retention = Retention::new(&changed);
    records.iter().any(|vector| !vector.holds(&changed, &retention))
        || fields.iter().any(|vector| !vector.field_holds(&changed, &retention))
}

#[test]
fn no_change_of_a_rule_goes_unnoticed() {
    let (mut count, mut unnoticed) = (0, Vec::new());
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let of_preset = |vector: &Vector<'_>| vector.cells[1] == preset.name;
        let mut records = all();
        records.retain(of_preset);
        let fields: Vec<_> = vectors(FIELDS).filter(of_preset).collect();
        assert!(!noticed(&policy, policy.rules.clone(), &records, &fields), "{} is wrong as it is", preset.name);
        for (place, rule) in policy.rules.iter().enumerate() {
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
                if !noticed(&policy, rules, &records, &fields) {
                    unnoticed.push(format!("{} {}: {what}", preset.name, rule.id));
                }
            }
        }
    }
    println!("{count} changes of rules, {} unnoticed", unnoticed.len());
    assert!(unnoticed.is_empty(), "of {count} changes nobody notices {}:\n{}", unnoticed.len(), unnoticed.join("\n"));
}
