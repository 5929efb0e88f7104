//! Known answers: `vectors/reference.txt` from the research, `vectors/clauses.txt` and `vectors/deadlines.txt` from the
//! clauses.
//!
//! One vector a line: clauses, policy, class, plan, tier, events, keep until, gone by, and then either the rules that
//! must have spoken or, after `restricted`, the beginning of the restricted time. `-` is nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};

use packshot_policy::{
    Action, AddressBits, Clause, Clock, Events, GoneBy, KeepUntil, Law, Policy, Preset, Record, Retention, Timestamp,
};

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
    assert!(count >= 120, "{count}");
}

#[test]
fn requests_are_due_when_the_clauses_say() {
    let text = include_str!("vectors/deadlines.txt");
    for vector in vectors(text) {
        let cells = &vector.cells;
        let policy = Preset::named(cells[1]).unwrap().policy().unwrap();
        let laws: Vec<Law> = cells[3].split(' ').filter(|law| *law != "-").map(|law| law.parse().unwrap()).collect();
        let due = policy.due(cells[2].parse().unwrap(), &laws, instant(cells[4]));
        let expected = |text: &str| (text != "-" && text != "none").then(|| instant(text));
        assert_eq!(due.map(|due| due.by), expected(cells[5]), "{}", vector.line);
        assert_eq!(due.and_then(|due| due.extended), expected(cells[6]), "{}", vector.line);
        if let Some(due) = due {
            let clauses: Vec<&str> = due.decided_by.clauses.iter().map(Clause::as_str).collect();
            assert!(clauses.contains(&cells[0]), "{}: {clauses:?}", vector.line);
        }
    }
    assert_eq!(vectors(text).count(), 20);
}

/// A rule that no vector needs could be changed without anybody noticing.
#[test]
fn every_rule_of_every_preset_speaks_in_a_vector() {
    let text = [include_str!("vectors/reference.txt"), include_str!("vectors/clauses.txt")].concat();
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let retention = Retention::new(&policy);
        let mut spoken = BTreeSet::new();
        for vector in vectors(&text).filter(|vector| vector.cells[1] == preset.name) {
            let answer = retention.answer(&vector.record(&policy));
            let rules = policy.rules_in(answer.rules).chain(policy.rules_in(answer.restricting));
            spoken.extend(rules.map(|rule| rule.id.as_str()));
        }
        for rule in policy.rules.iter().filter(|rule| rule.field.is_none()) {
            assert!(spoken.contains(rule.id.as_str()), "{}: {}", preset.name, rule.id);
        }
    }
}

/// NARPIX-1.3a and NEXIMAGE-1a: the address goes before its record does.
#[test]
fn addresses_are_truncated_after_90_days() {
    for (name, class, field) in [
        ("narpix", "log.security", "ip"),
        ("narpix", "account", "ip"),
        ("narpix", "request.record", "ip"),
        ("neximage", "account", "signup_ip"),
    ] {
        let policy = Preset::named(name).unwrap().policy().unwrap();
        let retention = Retention::new(&policy);
        let events = Events::new().with(Clock::RecordedAt, instant("2026-01-31T12:00"));
        let record = Record::new(policy.class(class).unwrap(), policy.plan("free").unwrap(), events);
        let limits: Vec<_> = retention.fields(&record).collect();
        assert_eq!(limits.len(), 1, "{name} {class}");
        let rule = &policy.rules[limits[0].rule];
        assert_eq!((rule.field.as_deref(), rule.action), (Some(field), Action::Truncate));
        assert_eq!(rule.truncate_to, Some(AddressBits { v4: 24, v6: 48 }));
        assert_eq!(limits[0].by, instant("2026-05-01T12:00"));
        assert_eq!(retention.fields(&Record { events: Events::new(), ..record }).count(), 0);
    }
}
