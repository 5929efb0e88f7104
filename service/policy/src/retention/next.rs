//! The next action on a record.

use jiff::Timestamp;

use super::sum::Sum;
use super::versions::Versions;
use super::{GoneBy, Retention};
use crate::identity::Identity;
use crate::record::{Record, RecordError};
use crate::rule::RuleSet;
use crate::words::Action;

/// The next action on a record. A service stores it in an index, and recomputes it whenever the record, its account or
/// the policy changes.
///
/// Actions are idempotent. After restricting a record, or truncating a field, set [`Record::done`](crate::Record::done)
/// and ask again; after a purge nothing is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next<'r> {
    /// What to do: purge the record, truncate or remove the field, or restrict who reads the record.
    pub action: Action,
    /// The field, if it concerns one.
    pub field: Option<&'r str>,
    /// When to begin.
    pub at: Timestamp,
    /// By when it must be done.
    pub by: Timestamp,
    /// The id of a rule that requires it.
    pub rule: &'r str,
    /// The version whose rule it is.
    pub policy: Identity,
}

/// The earliest remaining action. If several begin together, a purge comes first, because it includes the others;
/// actions that would begin only after the record is gone are dropped.
pub(super) fn next<'r>(versions: &Versions<'r>, record: &Record<'_>) -> Result<Option<Next<'r>>, RecordError> {
    versions.sum(record, |sum| Ok(next_of(versions, record, sum)))
}

fn next_of<'r>(versions: &Versions<'r>, record: &Record<'_>, sum: &Sum<'_>) -> Option<Next<'r>> {
    let answer = sum.answer(versions.standing(record));
    let step = |action, version: &'r Retention, rules: RuleSet, at, by| Next {
        action,
        field: None,
        at,
        by,
        rule: version.rule_id(rules),
        policy: version.identity(),
    };
    let purge = match (answer.purge_at, answer.gone_by) {
        (Some(at), GoneBy::At(by)) => {
            let version = versions.each().find(|version| version.identity() == answer.policy);
            version.map(|version| step(Action::Purge, version, answer.decided_by, at, by))
        }
        _ => None,
    };
    let restricted = answer.restricted.filter(|_| !record.done.restricted);
    let restrict = restricted
        .and_then(|_| sum.restriction())
        .map(|end| step(Action::Restrict, versions.numbered(end.version), end.rules, end.aim, end.at));
    let fields = versions.each().filter_map(|version| version.next_field(record));
    let others = restrict.into_iter().chain(fields);
    others.fold(purge, |first, other| match first {
        Some(first) if first.at <= other.at => Some(first),
        _ => Some(other),
    })
}

impl Retention {
    /// The first of the remaining fields to end.
    fn next_field(&self, record: &Record<'_>) -> Option<Next<'_>> {
        let (class, plan) = (self.class(record).ok()?, self.plan(&record.plan));
        let left = class.fields.iter().filter(|(field, _)| !record.done.fields.contains(&field.as_str()));
        let limits = left.filter_map(|(field, rules)| Some((field, self.field(rules, plan, record)?)));
        let (field, limit) = limits.min_by_key(|(_, limit)| limit.at)?;
        let rule = self.rules.get(limit.rule)?;
        let (at, by, policy) = (limit.at, limit.by, self.identity);
        Some(Next { action: rule.action, field: Some(field), at, by, rule: &rule.id, policy })
    }

    /// The id of the first rule of a set.
    fn rule_id(&self, rules: RuleSet) -> &str {
        rules.first().and_then(|place| self.rules.get(place)).map_or("", |rule| &rule.id)
    }
}
