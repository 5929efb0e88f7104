//! `packshot policy …`

mod age;
pub(crate) mod args;
mod consent;
mod cookies;
mod diff;
mod due;
mod explain;
mod flow;
mod lint;
mod notices;
mod questions;
mod report;
mod show;
mod simulate;
mod verify_proof;

use std::io::Read;
use std::path::Path;

use packshot::{Code, Error, Result};
use packshot_policy::{Clause, Faults, Policy, Preset};
use serde_json::json;

use crate::exit;
use crate::say::Voice;

pub(crate) fn run(action: &args::Policy, voice: Voice) -> Result<u8> {
    match action {
        args::Policy::Lint { policies } => lint::run(policies, voice),
        args::Policy::Explain(args) => explain::run(args, voice),
        args::Policy::Due(args) => due::run(args, voice),
        args::Policy::Flow(args) => flow::run(args, voice),
        args::Policy::Age(args) => age::run(args, voice),
        args::Policy::Cookies(args) => cookies::run(args, voice),
        args::Policy::Consent(args) => consent::run(args, voice),
        args::Policy::Notices(args) => notices::run(args, voice),
        args::Policy::Report { policies } => report::run(policies, voice),
        args::Policy::Diff { older, newer } => diff::run(older, newer, voice),
        args::Policy::VerifyProof { proof, key } => verify_proof::run(proof, key, voice),
        args::Policy::Simulate(args) => simulate::run(args, voice),
        args::Policy::Show { policy, html: None } => show::run(policy, voice),
        args::Policy::Show { policy, html: Some(page) } => show::page(policy, page, voice),
    }
}

/// A policy, and the ids of the clauses in its published text, if known.
struct Loaded {
    policy: Policy,
    clauses: Option<Vec<Clause>>,
}

/// Reads a preset or a file. Prints the faults of an invalid text, one line each, and returns `None`.
fn load(name: &str, voice: Voice) -> Result<Option<Loaded>> {
    let (text, clauses) = match Preset::named(name) {
        Some(preset) => (preset.text.to_owned(), Some(preset.clauses())),
        None => (read(name)?, None),
    };
    match text.parse() {
        Ok(policy) => Ok(Some(Loaded { policy, clauses })),
        Err(faults) => {
            tell(name, &faults, voice);
            Ok(None)
        }
    }
}

/// Loads a policy, or returns the exit code for an invalid text.
macro_rules! load_or_leave {
    ($name:expr, $voice:expr) => {
        match crate::policy::load($name, $voice)? {
            Some(loaded) => loaded,
            None => return Ok(crate::exit::NOTHING_DONE),
        }
    };
}
use load_or_leave;

fn read(name: &str) -> Result<String> {
    let path = Path::new(name);
    if !path.exists() {
        let message = format!("there is no policy `{name}`: neither a file nor a preset ({})", presets());
        return Err(Error::new(Code::FileMissing, message));
    }
    // One byte more than the limit, so that the reader reports the excess; a device or a pipe may be endless.
    let mut text = String::new();
    let most = packshot_policy::MOST_BYTES as u64 + 1;
    std::fs::File::open(path)
        .and_then(|file| file.take(most).read_to_string(&mut text))
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the policy").at(path).because(cause))?;
    Ok(text)
}

/// The names of the presets, for messages.
fn presets() -> String {
    Preset::ALL.map(|preset| preset.name).join(", ")
}

fn tell(name: &str, faults: &Faults, voice: Voice) {
    for fault in faults.iter() {
        voice.event(&json!({
            "event": "fault", "ok": false, "policy": name, "code": fault.code.as_str(), "line": fault.line,
            "column": fault.column, "key": fault.key, "message": fault.message, "remedy": fault.code.remedy(),
        }));
        voice.complaint(&format!("{name}: {fault}"));
    }
}

/// The id of a consent that the policy asks for, or an error that lists them.
fn known_consent<'p>(id: &str, policy: &'p Policy) -> Result<&'p str> {
    let known = policy.consents.iter().map(|consent| consent.id.as_str());
    known.clone().find(|known| *known == id).ok_or_else(|| {
        let all = known.collect::<Vec<_>>().join(", ");
        let all = if all.is_empty() { "nothing".to_owned() } else { all };
        Error::new(Code::OptionInvalid, format!("there is no consent `{id}`: the policy asks for {all}"))
    })
}

/// The ids of some clauses.
fn ids(clauses: &[Clause]) -> Vec<&str> {
    clauses.iter().map(Clause::as_str).collect()
}

/// The exit code of a command with several items.
fn outcome(failed: usize, all: usize) -> u8 {
    match failed {
        0 => exit::DONE,
        failed if failed == all => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    }
}
