//! Checks that every named clause exists.

use std::collections::BTreeMap;

use super::{Check, Findings};
use crate::clause::Clause;
use crate::policy::Policy;
use crate::presets::Preset;

/// Every entry that names clauses, with a label.
pub(super) fn named(policy: &Policy) -> Vec<(&str, &[Clause])> {
    let mut named: Vec<(&str, &[Clause])> = vec![("age", &policy.age.clauses)];
    macro_rules! each {
        ($($list:ident: $entry:ident => $name:expr,)*) => {$(
            named.extend(policy.$list.iter().map(|$entry| ($name, $entry.clauses.as_slice())));
        )*};
    }
    each! {
        rules: entry => entry.id.as_str(),
        deadlines: entry => entry.id.as_str(),
        notices: entry => entry.id.as_str(),
        consents: entry => entry.id.as_str(),
        cookies: entry => entry.class.as_str(),
        processors: entry => entry.name.as_str(),
        classes: entry => entry.name.as_str(),
        never: _entry => "never",
        open: entry => entry.id.as_str(),
    }
    named.extend(policy.promised.iter().map(|(setting, clauses)| (setting.as_str(), clauses.as_slice())));
    named
}

pub(super) fn check(policy: &Policy, known: Option<&[Clause]>, findings: &mut Findings) {
    let named = named(policy);
    let own = own_text(&named);
    for (subject, clauses) in named {
        for clause in clauses {
            let message = match known {
                Some(known) if known.contains(clause) => continue,
                Some(_) => format!("the text has no clause {clause}"),
                None => match Preset::of_text(clause.text()) {
                    Some(preset) if preset.clauses().contains(clause) => continue,
                    Some(preset) => format!("the text of {} has no clause {clause}", preset.name),
                    None if own.as_deref() == Some(clause.text()) => continue,
                    None => format!("{clause} belongs to a different text than most of this policy's clauses"),
                },
            };
            findings.add(Check::UnknownClause, subject, std::slice::from_ref(clause), message);
        }
    }
}

/// The text of most of the policy's clauses.
fn own_text(named: &[(&str, &[Clause])]) -> Option<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for clause in named.iter().flat_map(|(_, clauses)| *clauses) {
        *count.entry(clause.text()).or_default() += 1;
    }
    count.into_iter().max_by_key(|(_, number)| *number).map(|(text, _)| text.to_owned())
}
