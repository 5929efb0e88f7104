//! Reads the tables of known answers.
//!
//! One vector a line: clauses, policy, class, plan, tier, events, keep until, gone by, and then either the rules that
//! must have spoken or, after `restricted`, the beginning of the restricted time. `-` is nothing.

use packshot_policy::{Clause, Clock, Events, GoneBy, KeepUntil, Policy, Record, Retention, Timestamp};

pub(crate) const REFERENCE: &str = include_str!("../vectors/reference.txt");
pub(crate) const CLAUSES: &str = include_str!("../vectors/clauses.txt");

pub(crate) struct Vector<'t> {
    pub(crate) line: &'t str,
    pub(crate) cells: Vec<&'t str>,
}

pub(crate) fn vectors(text: &str) -> impl Iterator<Item = Vector<'_>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| Vector { line, cells: line.split('|').map(str::trim).collect() })
}

pub(crate) fn instant(text: &str) -> Timestamp {
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
    pub(crate) fn record(&self, policy: &Policy) -> Record {
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

    /// Whether the policy answers as the vector says.
    pub(crate) fn holds(&self, policy: &Policy, retention: &Retention) -> bool {
        let answer = retention.answer(&self.record(policy));
        let mut holds = answer.keep_until == keep_until(self.cells[6]) && answer.gone_by == gone_by(self.cells[7]);
        let last = self.cells[8];
        if let Some(from) = last.strip_prefix("restricted ") {
            holds &= answer.restricted.is_some_and(|restricted| restricted.from == instant(from));
        } else if last == "-" {
            holds &= answer.restricted.is_none();
        } else {
            let rules: Vec<&str> = policy.rules_in(answer.rules).map(|rule| rule.id.as_str()).collect();
            holds &= rules.join(" ") == last;
        }
        // A vector from the clauses must have been decided by a rule that names its clause.
        if self.cells[0] != "-" {
            let clause = Clause::new(self.cells[0]).unwrap();
            let all = policy.rules_in(answer.rules).chain(policy.rules_in(answer.restricting));
            holds &= all.flat_map(|rule| &rule.clauses).any(|known| *known == clause);
        }
        holds
    }
}
