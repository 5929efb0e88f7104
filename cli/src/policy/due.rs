//! `packshot policy due`

use packshot::{Code, Error, Result};
use packshot_policy::{Right, Trigger};
use serde_json::json;

use super::ids;
use super::questions::{Arrived, Due};
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Due, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    let service = &policy.about.service;
    let (on, what, offered) = match args.what {
        Arrived::Request(right) => (Trigger::PrivacyRequest, right.as_str(), Some(policy.rights.contains(&right))),
        Arrived::Report(report) => (report, report.as_str(), None),
    };
    let due = policy.due(on, &args.law, args.received);
    let extended = match (due, args.told) {
        (Some(due), Some(told)) => {
            Some(due.extend(told).map_err(|no| Error::new(Code::OptionInvalid, format!("--told: {no}")))?)
        }
        _ => None,
    };
    let erased = if args.what == Arrived::Request(Right::Erase) { policy.erased_by(args.received) } else { None };
    let clauses = due.map(|due| ids(&due.decided_by.clauses)).unwrap_or_default();
    voice.event(&json!({
        "event": "due", "ok": true, "policy": args.policy, "what": what, "received": args.received.to_string(),
        "laws": args.law.iter().map(|law| law.as_str()).collect::<Vec<_>>(), "offered": offered,
        "by": due.map(|due| extended.unwrap_or(due.by).to_string()),
        "can_be_extended_to": due.and_then(|due| due.extended).map(|at| at.to_string()), "extended": extended.is_some(),
        "decided_by": due.map(|due| &due.decided_by.id), "clauses": clauses,
        "data_gone_by": erased.as_ref().map(|erased| erased.by.to_string()),
        "data_rules": erased.iter().flat_map(|erased| &erased.rules).map(|rule| &rule.id).collect::<Vec<_>>(),
    }));
    let Some(due) = due else {
        voice.text(&format!("{service}'s policy sets no deadline for this; a law may."));
        return Ok(exit::DONE);
    };
    let by = policy.instant_in_words(extended.unwrap_or(due.by));
    voice.text(&format!("{service} must answer by {by} ({}).", clauses.join(", ")));
    if let (Some(longer), None) = (due.extended, extended) {
        let longer = policy.instant_in_words(longer);
        voice.text(&format!("  By {longer} at the latest, if the person is told before that the answer takes longer."));
    }
    if let Some(erased) = &erased {
        let behind = erased.rules.iter().flat_map(|rule| ids(&rule.clauses)).collect::<Vec<_>>().join(", ");
        voice.text(&format!("  The data is gone by {} ({behind}).", policy.instant_in_words(erased.by)));
    }
    if offered == Some(false) {
        voice
            .text(&format!("  The policy does not list `{what}` among the rights that it grants; a law may grant it."));
    }
    Ok(exit::DONE)
}
