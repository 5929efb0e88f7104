//! `packshot policy age`

use packshot::Result;
use packshot_policy::{Admission, Policy};
use serde_json::json;

use super::ids;
use super::questions::Age;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Age, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    let ages = &policy.age;
    let minimum = policy.minimum_age(args.country.as_deref());
    let admission = args.age.map(|age| policy.admission(age, args.country.as_deref()));
    let rights: Vec<&str> = ages.guardian_rights.iter().map(|right| right.as_str()).collect();
    voice.event(&json!({
        "event": "age", "ok": true, "policy": args.policy, "country": args.country, "age": args.age, "minimum": minimum,
        "guardian_until": ages.guardian_until, "guardian_rights": rights,
        "by_country": ages.by_country.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "admission": admission.map(word), "clauses": ids(&ages.clauses),
    }));
    text(args, &policy, minimum, admission, voice);
    Ok(exit::DONE)
}

fn word(admission: Admission) -> &'static str {
    match admission {
        Admission::TooYoung { .. } => "too_young",
        Admission::NeedsGuardian { .. } => "needs_guardian",
        Admission::Welcome => "welcome",
    }
}

fn text(args: &Age, policy: &Policy, minimum: u32, admission: Option<Admission>, voice: Voice) {
    let (ages, service) = (&policy.age, &policy.about.service);
    let behind = if ages.clauses.is_empty() {
        " (the text states no age; this one was chosen)".to_owned()
    } else {
        format!(" ({})", ids(&ages.clauses).join(", "))
    };
    let place = args.country.as_ref().map_or_else(String::new, |country| format!(" in {country}"));
    if let (Some(age), Some(admission)) = (args.age, admission) {
        let answer = match admission {
            Admission::TooYoung { minimum } => format!("no: the minimum age{place} is {minimum}"),
            Admission::NeedsGuardian { until } => {
                format!("once a parent or guardian agrees, in a way that can be verified, as below {until}")
            }
            Admission::Welcome => "yes".to_owned(),
        };
        voice.text(&format!("A person of {age}{place} may use {service}: {answer}{behind}."));
    } else {
        voice.text(&format!("{service} is for people aged {minimum} and over{place}{behind}."));
    }
    if let Some(until) = ages.guardian_until.filter(|until| args.age.is_none_or(|age| age < *until && age >= minimum)) {
        let rights: Vec<&str> = ages.guardian_rights.iter().map(|right| right.as_str()).collect();
        voice
            .text(&format!("  Below {until} a guardian must agree, and may exercise for them: {}.", rights.join(", ")));
    }
    if args.country.is_none() && !ages.by_country.is_empty() {
        let countries: Vec<String> = ages.by_country.iter().map(|(country, age)| format!("{country} {age}")).collect();
        voice.text(&format!("  Some countries have a higher minimum age: {}.", countries.join(", ")));
    }
}
