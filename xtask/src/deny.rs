//! Licences, sources and known vulnerabilities of all dependencies.

use crate::command::{self, cargo, find};
use crate::steps::{StepResult, Steps, ok};

/// The steps of `cargo xtask deny`.
pub(crate) fn run(steps: &mut Steps) {
    if !steps.run("deny: cargo-deny", || install("cargo-deny")) {
        return;
    }
    steps.run("deny: licences, sources, duplicates", || check(&["licenses", "sources", "bans"]));
    // Apart from the others, because it fetches a list.
    steps.run("deny: known vulnerabilities", || check(&["advisories"]));
}

fn check(what: &[&str]) -> StepResult {
    command::run(cargo(["deny", "--all-features", "check"]).args(what))?;
    ok()
}

/// Installs a cargo subcommand unless it is there.
pub(crate) fn install(name: &str) -> StepResult {
    if find(name).is_none() {
        command::run(&mut cargo(["install", "--locked", name]))?;
    }
    ok()
}
