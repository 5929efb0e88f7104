//! `packshot policy notices`

use packshot::Result;
use packshot_policy::{Occasion, Policy, Trigger};
use serde_json::json;

use super::ids;
use super::questions::{Happening, Notices};
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Notices, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    for happening in Happening::all().filter(|one| args.on.is_none_or(|only| only == *one)) {
        match happening {
            Happening::Occasion(occasion) => of_occasion(args, &policy, occasion, voice),
            Happening::Incident => of_incident(args, &policy, voice),
        }
    }
    Ok(exit::DONE)
}

fn of_occasion(args: &Notices, policy: &Policy, occasion: Occasion, voice: Voice) {
    let telling = policy.telling(occasion, &args.law);
    // A policy may say when people are notified of a downgrade, but not how.
    let promised = policy.plan_change.downgrade_notice.filter(|_| occasion == Occasion::PlanDowngrade);
    let notices = telling.as_ref().map(|telling| telling.notices.clone()).unwrap_or_default();
    let lead = telling.as_ref().and_then(packshot_policy::Telling::longest_lead).or(promised);
    let from = telling.as_ref().zip(args.told).map(|(telling, told)| telling.holds_from(told));
    let clauses: Vec<&str> = notices.iter().flat_map(|notice| ids(&notice.clauses)).collect();
    voice.event(&json!({
        "event": "notice", "ok": true, "policy": args.policy, "on": occasion.as_str(), "promised": telling.is_some(),
        "laws": args.law.iter().map(|law| law.as_str()).collect::<Vec<_>>(),
        "notices": notices.iter().map(|notice| json!({
            "id": notice.id, "channels": notice.channels.iter().map(|way| way.as_str()).collect::<Vec<_>>(),
            "all_channels": notice.all_channels, "lead": notice.lead.map(|lead| lead.to_string()),
            "law": notice.law.map(|law| law.as_str()), "clauses": ids(&notice.clauses),
        })).collect::<Vec<_>>(),
        "lead": lead.map(|lead| lead.to_string()), "holds_from": from.map(|from| from.to_string()),
        "reconsent": telling.as_ref().map(|telling| telling.to_ask_anew().collect::<Vec<_>>()).unwrap_or_default(),
        "continued_use_accepts": telling.as_ref().is_some_and(packshot_policy::Telling::continued_use_accepts),
        "clauses": clauses,
    }));
    let name = occasion.as_str();
    match (&telling, promised) {
        (Some(telling), _) => voice.text(&format!("{name}: people are notified {}", super::diff::told(telling))),
        (None, Some(lead)) => {
            let lead = lead.in_words();
            voice.text(&format!(
                "{name}: people are notified {lead} before it takes effect; the policy does not say how."
            ));
        }
        (None, None) => voice.text(&format!("{name}: the policy promises no notice.")),
    }
    if let Some(from) = from {
        voice.text(&format!("  if notified then, it takes effect on {}", policy.instant_in_words(from)));
    }
    if telling.is_some_and(|telling| telling.continued_use_accepts()) {
        voice.text("  continued use of the service counts as agreement");
    }
}

fn of_incident(args: &Notices, policy: &Policy, voice: Voice) {
    let counts = policy.deadlines.iter().filter(|deadline| deadline.on == Trigger::Incident);
    let counting: Vec<_> = counts.filter(|deadline| deadline.law.is_none_or(|law| args.law.contains(&law))).collect();
    let due = args.told.and_then(|found| policy.due(Trigger::Incident, &args.law, found));
    let within: Vec<String> = counting.iter().flat_map(|deadline| &deadline.within).map(ToString::to_string).collect();
    let clauses: Vec<&str> = counting.iter().flat_map(|deadline| ids(&deadline.clauses)).collect();
    voice.event(&json!({
        "event": "notice", "ok": true, "policy": args.policy, "on": Trigger::Incident.as_str(),
        "promised": !counting.is_empty(), "within": within, "by": due.map(|due| due.by.to_string()), "clauses": clauses,
    }));
    if counting.is_empty() {
        voice.text("incident: the policy sets no deadline; a law may.");
        return;
    }
    let words: Vec<String> =
        counting.iter().flat_map(|deadline| &deadline.within).map(|period| period.in_words()).collect();
    let words = words.join(" or ");
    voice.text(&format!("incident: the people affected are notified within {words} ({}).", clauses.join(", ")));
    if let Some(due) = due {
        voice.text(&format!("  if found then, by {}", policy.instant_in_words(due.by)));
    }
}
