//! `packshot policy flow`

use packshot::{Code, Error, Result};
use packshot_policy::{Flow as Answer, Policy, Purpose};
use serde_json::json;

use super::ids;
use super::questions::Flow;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Flow, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    if !policy.has_data(&args.data) {
        let known: Vec<&str> = policy.classes.iter().map(|class| class.name.as_str()).collect();
        let message = format!(
            "--data {}: there is no such class, and no such field of one; the policy knows {}",
            args.data,
            known.join(", ")
        );
        return Err(Error::new(Code::OptionInvalid, message));
    }
    for consent in &args.consent {
        super::known_consent(consent, &policy)?;
    }
    for (to, purpose) in asked(args, &policy)? {
        tell(args, &policy, &to, purpose, voice);
    }
    Ok(exit::DONE)
}

/// The processors and purposes that are asked about.
fn asked(args: &Flow, policy: &Policy) -> Result<Vec<(String, Purpose)>> {
    let Some(name) = &args.to else {
        let all = policy.processors.iter().flat_map(|to| declared(to, args.purpose));
        return Ok(all.collect());
    };
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    let named = policy.processors.iter().find(|to| same(&to.id) || same(&to.name));
    match (named, args.purpose) {
        (Some(to), purpose) => Ok(declared(to, purpose)),
        (None, Some(purpose)) => Ok(vec![(name.clone(), purpose)]),
        (None, None) => {
            let known: Vec<&str> = policy.processors.iter().map(|to| to.name.as_str()).collect();
            let message = format!("--to {name}: there is no such processor; the policy has {}", known.join(", "));
            Err(Error::new(Code::OptionInvalid, message))
        }
    }
}

/// The given purpose, or those that the policy declares for the processor.
fn declared(to: &packshot_policy::Processor, purpose: Option<Purpose>) -> Vec<(String, Purpose)> {
    let purposes = purpose.map_or_else(|| to.purposes.clone(), |purpose| vec![purpose]);
    purposes.into_iter().map(|purpose| (to.name.clone(), purpose)).collect()
}

fn tell(args: &Flow, policy: &Policy, to: &str, purpose: Purpose, voice: Voice) {
    let consents: Vec<&str> = args.consent.iter().map(String::as_str).collect();
    let flow = policy.flow(&args.data, to, purpose, &consents);
    let (word, missing) = match flow {
        Answer::Allowed(..) => ("allowed", None),
        Answer::NeedsConsent(_, consent) => ("needs_consent", Some(consent)),
        Answer::RuledOut(never) => ("ruled_out", never.unless_consent.as_deref()),
        Answer::NotDeclared(_) => ("not_declared", None),
        Answer::OtherPurpose(_) => ("other_purpose", None),
        Answer::UnknownProcessor => ("unknown_processor", None),
    };
    voice.event(&json!({
        "event": "flow", "ok": true, "policy": args.policy, "data": args.data, "to": to, "purpose": purpose.as_str(),
        "allowed": flow.is_allowed(), "answer": word, "missing_consent": missing, "clauses": ids(flow.clauses()),
        "sentence": flow.to_string(),
    }));
    voice.text(&format!("{} to {to} for {}: {flow}.", args.data, purpose.as_str()));
}
