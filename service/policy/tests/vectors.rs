//! Records with known answers: `vectors/reference.txt` from the research, `vectors/clauses.txt` from the clauses.
//!
//! One vector a line: clauses, policy, class, plan, tier, events, keep until, gone by, and then either the rules that
//! must have spoken or, after `restricted`, the beginning of the restricted time. `-` is nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::BTreeMap;

use packshot_policy::{Clause, Clock, Events, GoneBy, KeepUntil, Policy, Preset, Record, Retention, Timestamp};

struct Vector<'t> {
    line: &'t str,
    cells: Vec<&'t str>,
}

fn vectors(text: &str) -> impl Iterator<Item = Vector<'_>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| Vector { line, cells: line.split('|').map(str::trim).collect() })
}

fn instant(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

fn keep_until(text: &str) -> KeepUntil {
    match text {
        "-" => KeepUntil::Unpromised,
        "active" => KeepUntil::WhileActive,
        at => KeepUntil::At(instant(at)),
    }
}

fn gone_by(text: &str) -> GoneBy {
    match text {
        "not yet" => GoneBy::NotYet,
        "active" => GoneBy::WhileActive,
        "unlimited" => GoneBy::Unlimited,
        at => GoneBy::At(instant(at)),
    }
}

impl Vector<'_> {
    fn record(&self, policy: &Policy) -> Record {
        let class = policy.class(self.cells[2]).unwrap_or_else(|| panic!("class in {}", self.line));
        let plan = |name: &str| policy.plan(name).unwrap_or_else(|| panic!("plan in {}", self.line));
        let mut record = Record::new(class, plan(self.cells[3]), Events::new()).in_tier(self.cells[4].parse().unwrap());
        for event in self.cells[5].split(',').map(str::trim).filter(|event| *event != "-") {
            let (name, at) = event.split_once(' ').unwrap();
            if let Some(from) = name.strip_prefix("down_from:") {
                record = record.downgraded(plan(from), instant(at));
            } else {
                record.events = record.events.with(name.parse::<Clock>().unwrap(), instant(at));
            }
        }
        record
    }
}

/// Checks every vector and returns how many there are.
fn check(text: &str) -> usize {
    let policies: BTreeMap<&str, (Policy, Retention)> = Preset::ALL
        .into_iter()
        .map(|preset| {
            let policy = preset.policy().unwrap();
            let retention = Retention::new(&policy);
            (preset.name, (policy, retention))
        })
        .collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    for vector in vectors(text) {
        count += 1;
        let (policy, retention) = &policies[vector.cells[1]];
        let answer = retention.answer(&vector.record(policy));
        let mut fits = answer.keep_until == keep_until(vector.cells[6]) && answer.gone_by == gone_by(vector.cells[7]);
        let last = vector.cells[8];
        let rules: Vec<&str> = policy.rules_in(answer.rules).map(|rule| rule.id.as_str()).collect();
        if let Some(from) = last.strip_prefix("restricted ") {
            fits &= answer.restricted.is_some_and(|restricted| restricted.from == instant(from));
        } else if last != "-" {
            fits &= rules.join(" ") == last;
        } else {
            fits &= answer.restricted.is_none();
        }
        // A vector from the clauses must have been decided by a rule that names its clause.
        if vector.cells[0] != "-" {
            let clause = Clause::new(vector.cells[0]).unwrap();
            let all = policy.rules_in(answer.rules).chain(policy.rules_in(answer.restricting));
            fits &= all.flat_map(|rule| &rule.clauses).any(|known| *known == clause);
        }
        if !fits {
            wrong.push(format!("{}\n    {answer:?} {rules:?}", vector.line));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    count
}

#[test]
fn the_reference_vectors_come_out_exactly() {
    assert_eq!(check(include_str!("vectors/reference.txt")), 26);
}

#[test]
fn the_clauses_are_kept() {
    let count = check(include_str!("vectors/clauses.txt"));
    assert!(count >= 60, "{count}");
}
