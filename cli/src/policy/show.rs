//! `packshot policy show`

use std::io::Write;
use std::path::Path;

use packshot::{Code, Error, Result};
use packshot_policy::Policy;
use serde_json::json;

use super::ids;
use crate::exit;
use crate::say::Voice;

pub(crate) fn run(name: &str, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(name, voice).policy;
    for (id, class) in policy.class_ids() {
        let promises: Vec<_> = policy
            .promises(id)
            .into_iter()
            .map(|promise| json!({ "plan": promise.plan, "text": promise.text, "clauses": ids(promise.clauses) }))
            .collect();
        voice.event(&json!({
            "event": "class", "policy": name, "class": class.name, "title": class.title(), "why": class.why,
            "fields": class.fields, "personal": class.personal, "promises": promises,
            "recipients": policy.recipients(&class.name).map(|to| to.name.as_str()).collect::<Vec<_>>(),
        }));
    }
    for open in &policy.open {
        voice.event(&json!({
            "event": "open", "policy": name, "id": open.id, "clauses": ids(&open.clauses), "question": open.question,
            "chosen": open.chosen, "why": open.why, "note": open.note, "internal": open.internal,
        }));
    }
    text(&policy, voice);
    Ok(exit::DONE)
}

/// The page for the people whose data it covers.
pub(crate) fn page(name: &str, page: &Path, voice: Voice) -> Result<u8> {
    let policy = super::load_or_leave!(name, voice).policy;
    let html = policy.page();
    if page.as_os_str() == "-" {
        std::io::stdout()
            .write_all(html.as_bytes())
            .map_err(|cause| Error::new(Code::FileUnwritable, "cannot write to standard output").because(cause))?;
        return Ok(exit::DONE);
    }
    packshot::write_atomically(page, html.as_bytes())?;
    voice.event(&json!({ "event": "page", "ok": true, "policy": name, "path": page, "bytes": html.len() }));
    voice.text(&format!("{name}: {}", page.display()));
    Ok(exit::DONE)
}

fn text(policy: &Policy, voice: Voice) {
    let about = &policy.about;
    voice.text(&format!("{}, version {}, in force from {}", about.service, about.version, about.effective));
    voice.text("\nWhat is kept, and how long");
    for (id, class) in policy.class_ids() {
        voice.text(&format!("  {} ({})", class.title(), class.name));
        for promise in policy.promises(id) {
            let plan = promise.plan.map(|plan| format!("{plan}: ")).unwrap_or_default();
            voice.text(&format!("    {plan}{} ({})", promise.text, ids(promise.clauses).join(", ")));
        }
    }
    voice.text("\nWho else receives data");
    for to in &policy.processors {
        let purposes: Vec<String> = to
            .purposes
            .iter()
            .map(|purpose| match to.consent_for(*purpose) {
                Some(consent) => format!("{} (with the consent `{consent}`)", purpose.as_str()),
                None => purpose.as_str().to_owned(),
            })
            .collect();
        voice.text(&format!("  {} for {}: {}", to.name, purposes.join(" and "), to.sends.join(", ")));
    }
    voice.text("\nWhat the text leaves open, and how it is interpreted: the operator must confirm each");
    for open in &policy.open {
        voice.text(&format!("  {} ({})", open.question, ids(&open.clauses).join(", ")));
        voice.text(&format!("    {}: {}", open.chosen, open.why));
        if let Some(note) = &open.note {
            voice.text(&format!("    To the operator: {note}"));
        }
    }
}
