//! Builds for tests, all with one choice of cargo features: with another choice, cargo compiles most dependencies and the
//! core again. Cargo unifies features over the packages of a call, so every call is about the whole workspace; and over
//! what tests and examples depend on where it builds one, so every call builds one.

use std::env::consts;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{self, cargo};
use crate::files;
use crate::steps::{StepResult, ok};

const GENERATORS: [&str; 4] = ["--bin", "uniffi-bindgen", "--bin", "uniffi-bindgen-swift"];
const AN_EXAMPLE: [&str; 2] = ["--example", "cutout"];

/// A cargo command about the whole workspace, as the tests want it: bindings are tested with faults that are injected.
pub(crate) fn workspace(word: &str) -> Command {
    cargo([word, "--workspace", "--features", "faults,packshot-server/traces"])
}

/// Programs, libraries of the bindings, tests and examples, in one call: while one crate is compiled on one core, there is
/// work for the other.
pub(crate) fn everything() -> StepResult {
    command::run(workspace("build").args(["--lib", "--bins", "--tests", "--examples"]))?;
    ok()
}

/// The libraries of the bindings, the command that some of them bring, and what writes their Swift and Kotlin sources.
pub(crate) fn bindings() -> Result<(), String> {
    command::run(workspace("build").args(["--lib", "--bin", "packshot"]).args(GENERATORS).args(AN_EXAMPLE))
}

/// What writes the Swift and Kotlin sources, for a library that was built otherwise.
pub(crate) fn generators() -> Result<(), String> {
    command::run(workspace("build").args(GENERATORS).args(AN_EXAMPLE))
}

/// A program that was built for tests.
pub(crate) fn program(name: &str) -> Result<PathBuf, String> {
    built("debug", &format!("{name}{}", consts::EXE_SUFFIX))
}

/// The shared library of a crate, built for tests (`debug`) or as it is released (`release`).
pub(crate) fn library(name: &str, profile: &str) -> Result<PathBuf, String> {
    built(profile, &format!("{}{name}{}", consts::DLL_PREFIX, consts::DLL_SUFFIX))
}

fn built(profile: &str, file: &str) -> Result<PathBuf, String> {
    let path = files::target_folder()?.join(profile).join(file);
    if path.is_file() { Ok(path) } else { Err(format!("the build made no {}", path.display())) }
}
