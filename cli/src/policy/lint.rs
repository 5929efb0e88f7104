//! `packshot policy lint`

use packshot::Result;
use packshot_policy::{Preset, Severity};
use serde_json::json;

use crate::say::Voice;

/// A policy with errors fails; warnings are printed, for the operator to decide.
pub(crate) fn run(names: &[String], voice: Voice) -> Result<u8> {
    let all: Vec<String> = Preset::ALL.iter().map(|preset| preset.name.to_owned()).collect();
    let names = if names.is_empty() { &all } else { names };
    let mut failed = 0;
    for name in names {
        let Some(loaded) = super::load(name, voice)? else {
            failed += 1;
            continue;
        };
        let findings = loaded.policy.lint(loaded.clauses.as_deref());
        for finding in &findings {
            let severity = match finding.check.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            voice.event(&json!({
                "event": "finding", "policy": name, "severity": severity, "check": finding.check.as_str(),
                "subject": finding.subject, "clauses": super::ids(&finding.clauses), "message": finding.message,
                "remedy": finding.check.remedy(),
            }));
            voice.text(&format!("{name}: {finding}"));
        }
        let errors = findings.iter().filter(|finding| finding.check.severity() == Severity::Error).count();
        let warnings = findings.len() - errors;
        let open = loaded.policy.open.len();
        voice.event(&json!({
            "event": "lint", "ok": errors == 0, "policy": name, "errors": errors, "warnings": warnings, "open": open,
        }));
        let verdict = if errors == 0 { "can be kept" } else { "cannot be kept as it is" };
        voice.text(&format!(
            "{name}: {verdict}: {}, {}, {} left open by the text (packshot policy show {name})",
            count(errors, "error"),
            count(warnings, "warning"),
            count(open, "point"),
        ));
        failed += usize::from(errors > 0);
    }
    Ok(super::outcome(failed, names.len()))
}

pub(crate) fn count(number: usize, word: &str) -> String {
    match number {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        more => format!("{more} {word}s"),
    }
}
