//! `packshot policy consent`

use packshot::Result;
use packshot_policy::{Because, Policy};
use serde_json::json;

use super::ids;
use super::questions::{Answer, Consent};
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(args: &Consent, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(&args.policy, voice).policy;
    let asked: Vec<&str> = match &args.consent {
        Some(id) => vec![super::known_consent(id, &policy)?],
        None => policy.consents.iter().map(|consent| consent.id.as_str()).collect(),
    };
    if asked.is_empty() {
        voice.text(&format!("{} asks for no consent, so nothing that needs consent is done.", policy.about.service));
    }
    for id in asked {
        tell(args, &policy, id, voice);
    }
    Ok(exit::DONE)
}

fn tell(args: &Consent, policy: &Policy, id: &str, voice: Voice) {
    let answer = args.answer.map(|answer| answer == Answer::Yes);
    let (Some(agreement), Some(hangs)) = (policy.agreement(id, answer, args.gpc), policy.hangs_on(id)) else { return };
    let consent = agreement.consent;
    let because = match agreement.because {
        Because::Answered => "answered",
        Because::NotAsked => "not_asked",
        Because::BrowserRefuses => "browser_refuses",
    };
    let goes: Vec<&str> = hangs.processors.iter().map(|to| to.name.as_str()).collect();
    let uses: Vec<&str> = hangs.permits.iter().flat_map(|never| &never.purposes).map(|one| one.as_str()).collect();
    let ends: Vec<String> = hangs.ends.iter().map(|end| policy.rule_in_words(end)).collect();
    voice.event(&json!({
        "event": "consent", "ok": true, "policy": args.policy, "consent": id, "given": agreement.given, "because": because,
        "default": consent.default, "explicit": consent.explicit, "per_item": consent.per_item,
        "gpc_refuses": consent.gpc_refuses, "clauses": ids(&consent.clauses), "needed_by": goes, "permits": uses,
        "cookies": hangs.cookie.map(|cookie| cookie.class.as_str()),
        "withdrawing": hangs.ends.iter().map(|end| json!({
            "rule": end.id, "gone_by": end.gone_by.map(|period| period.to_string()), "clauses": ids(&end.clauses),
        })).collect::<Vec<_>>(),
        "asked_anew_by": hangs.asked_anew.iter().map(|notice| &notice.id).collect::<Vec<_>>(),
    }));
    let state = match (agreement.given, agreement.because) {
        (true, Because::NotAsked) => "given unless the person refuses",
        (false, Because::NotAsked) => "not given before the person agrees",
        (true, _) => "given",
        (false, Because::BrowserRefuses) => "not given: the browser refuses it",
        (false, _) => "not given",
    };
    voice.text(&format!("{id} {state} ({})", ids(&consent.clauses).join(", ")));
    for (is, line) in [
        (consent.explicit, "asked separately from everything else"),
        (consent.per_item, "can be given for single items"),
        (consent.gpc_refuses, "refused by a browser that sends Global Privacy Control"),
    ] {
        if is {
            voice.text(&format!("  {line}"));
        }
    }
    if !goes.is_empty() {
        voice.text(&format!("  without it nothing is sent to {}", goes.join(", ")));
    }
    if !uses.is_empty() {
        voice.text(&format!("  without it nothing is used for {}", uses.join(", ")));
    }
    if let Some(cookie) = hangs.cookie {
        voice.text(&format!("  without it no {} cookies are stored", cookie.class.as_str()));
    }
    if goes.is_empty() && uses.is_empty() && hangs.cookie.is_none() {
        voice.text("  no processor, use or cookie of the policy needs it; see the text for its purpose");
    }
    for end in ends {
        voice.text(&format!("  withdrawn: {end}"));
    }
    voice.text("  withdrawn: from then on as if it was never given");
}
