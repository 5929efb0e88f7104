//! `packshot policy …`

pub(crate) mod args;
mod diff;
mod explain;
mod lint;
mod report;
mod show;
mod simulate;

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
        args::Policy::Report { policies } => report::run(policies, voice),
        args::Policy::Diff { older, newer } => diff::run(older, newer, voice),
        args::Policy::Simulate(args) => simulate::run(args, voice),
        args::Policy::Show { policy, html: None } => show::run(policy, voice),
        args::Policy::Show { policy, html: Some(page) } => show::page(policy, page, voice),
    }
}

/// A policy, and the ids of the clauses that its published text has, where we know them.
struct Loaded {
    policy: Policy,
    clauses: Option<Vec<Clause>>,
}

/// Reads a preset or a file. The faults of a text are told here, one line each; then there is no policy.
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

/// One policy, or the exit code that says that its text is wrong.
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
    std::fs::read_to_string(path)
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the policy").at(path).because(cause))
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

/// The ids of some clauses.
fn ids(clauses: &[Clause]) -> Vec<&str> {
    clauses.iter().map(Clause::as_str).collect()
}

/// How a command ends that did something with each of several things.
fn outcome(failed: usize, all: usize) -> u8 {
    match failed {
        0 => exit::DONE,
        failed if failed == all => exit::NOTHING_DONE,
        _ => exit::SOME_FAILED,
    }
}
