//! What a service does next with a record.

use jiff::Timestamp;

use super::sum::Sum;
use super::versions::Versions;
use super::{GoneBy, Retention};
use crate::identity::Identity;
use crate::record::{Record, RecordError};
use crate::rule::RuleSet;
use crate::words::Action;

/// The next thing to do with a record: what a service keeps in an index beside it, and works out anew whenever something
/// happens to the record, its account or the policy.
///
/// Doing it is safe to repeat. Whoever has restricted a record, or shortened a field, says so in
/// [`Record::done`](crate::Record::done) and asks again; after a purge there is nothing left to ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next<'r> {
    /// What to do: purge the record, truncate or remove the field, or restrict who reads the record.
    pub action: Action,
    /// The field, if it is about one.
    pub field: Option<&'r str>,
    /// When to begin.
    pub at: Timestamp,
    /// By when it must be done.
    pub by: Timestamp,
    /// The id of a rule that says so.
    pub rule: &'r str,
    /// The version whose rule it is.
    pub policy: Identity,
}

/// The earliest of what is left to do. A purge goes first where several begin together, because it does the others as well;
/// what would only begin once the record is gone is not done at all.
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
    /// The first field that goes, of those that are still there.
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
