//! Known answers: `vectors/reference.txt` from the research, `vectors/clauses.txt` and `vectors/deadlines.txt` from the
//! clauses.

use std::collections::{BTreeMap, BTreeSet};

use crate::known::{CLAUSES, DEADLINES, FIELDS, REFERENCE, SECOND, Vector, all, instant, vectors};
use packshot_policy::{Action, AddressBits, Clock, Events, Policy, Preset, Record, Retention};

/// Checks every vector and returns how many there are.
fn check(vectors: impl Iterator<Item = Vector<'static>>) -> usize {
    let mut policies: BTreeMap<&str, (Policy, Retention)> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for vector in vectors {
        count += 1;
        let (policy, retention) = policies.entry(vector.cells[1]).or_insert_with_key(|cell| {
            let policy = crate::known::policy(cell);
            let retention = Retention::new(&policy);
            (policy, retention)
        });
        if !vector.holds(policy, retention) {
            let answer = retention.answer(&vector.record(policy)).unwrap();
            let rules: Vec<&str> = policy.rules_in(answer.rules).map(|rule| rule.id.as_str()).collect();
            wrong.push(format!("{}\n    {answer:?} {rules:?}", vector.line));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    count
}

#[test]
fn the_reference_vectors_come_out_exactly() {
    assert_eq!(check(vectors(REFERENCE)), 26);
}

#[test]
fn the_clauses_are_kept() {
    let count = check(vectors(CLAUSES));
    assert!(count >= 230, "{count}");
}

#[test]
fn the_clauses_are_kept_as_a_second_reader_reads_them() {
    assert_eq!(check(SECOND.into_iter().flat_map(vectors)), 465);
}

#[test]
fn requests_are_due_when_the_clauses_say() {
    assert_eq!(DEADLINES.map(|text| vectors(text).count()), [20, 75]);
    for vector in DEADLINES.into_iter().flat_map(vectors) {
        let policy = crate::known::policy(vector.cells[1]);
        let due = policy.due(vector.cells[2].parse().unwrap(), &policy.about.laws, instant(vector.cells[4]));
        assert!(vector.due_holds(&policy), "{}; under every law {due:?}", vector.line);
    }
}

/// A rule that no vector needs could be changed without anybody noticing.
#[test]
fn every_rule_of_every_preset_speaks_in_a_vector() {
    for preset in Preset::ALL {
        let policy = preset.policy().unwrap();
        let retention = Retention::new(&policy);
        let mut spoken = BTreeSet::new();
        for vector in all().iter().filter(|vector| vector.cells[1] == preset.name) {
            let answer = retention.answer(&vector.record(&policy)).unwrap();
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
        let limits: Vec<_> = retention.fields(&record).unwrap().collect();
        assert_eq!(limits.len(), 1, "{name} {class}");
        let rule = &policy.rules[limits[0].rule];
        assert_eq!((rule.field.as_deref(), rule.action), (Some(field), Action::Truncate));
        assert_eq!(rule.truncate_to, Some(AddressBits { v4: 24, v6: 48 }));
        assert_eq!(limits[0].by, instant("2026-05-01T12:00"));
        assert_eq!(retention.fields(&Record { events: Events::new(), ..record }).unwrap().count(), 0);
    }
}

/// A second reading of what is left of a field, and by when.
#[test]
fn single_fields_go_when_the_clauses_say() {
    for vector in vectors(FIELDS) {
        let policy = crate::known::policy(vector.cells[1]);
        assert!(vector.field_holds(&policy, &Retention::new(&policy)), "{}", vector.line);
    }
    assert_eq!(vectors(FIELDS).count(), 14);
}
