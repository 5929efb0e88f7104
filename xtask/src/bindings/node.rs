//! The Node package.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Places, missing};
use crate::command::{self, answer, cargo, find, program};
use crate::steps::{Outcome, StepResult, Steps, ok};
use crate::{build, files};

/// The oldest that `node/package.json` admits.
const OLDEST_NODE: u32 = 20;

/// The steps of `cargo xtask test node`.
pub(super) fn run(steps: &mut Steps, places: &Places) {
    let mut ready = false;
    steps.run("node: tools", || {
        let result = tools();
        ready = matches!(result, Ok(Outcome::Ok(_)));
        result
    });
    if ready && steps.run("node: build", build) {
        steps.run("node: types", || {
            node(["node_modules/typescript/bin/tsc", "--project", "test/types"], &[] as &[PathBuf], None)
        });
        steps.run("node: tests, examples, README, installation", || tests(places));
    }
}

/// The steps of `cargo xtask soak bindings` for Node.
pub(super) fn soak(steps: &mut Steps) {
    if steps.run("node: tools", tools) && steps.run("node: build", build) {
        let photo = super::cases().join("photos/mug.jpg");
        let calls = PathBuf::from(super::SOAK_CALLS);
        steps.run("node: memory", || node(["--expose-gc", "test/memory.mjs"], &[photo, calls], None));
    }
}

/// Builds of other programs around the package, which take minutes and download much.
pub(crate) fn bundlers(steps: &mut Steps) {
    if steps.run("node: tools", tools) && steps.run("node: build", build) {
        steps.run("node: bundlers, tracers and archives", || {
            let suites = ["test/bundlers.test.mjs", "test/bundlers/builds.test.mjs"];
            node(["--test", "--test-reporter=spec"], &suites, None)
        });
    }
}

fn home() -> PathBuf {
    files::root().join("node")
}

/// Node itself, and the packages that the build and the tests need.
pub(super) fn tools() -> StepResult {
    let version = answer(&mut program("node", ["--version"])).unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) || find_npm().is_none() {
        return missing(format!("Node {OLDEST_NODE} or later, with npm, is needed; please install it"));
    }
    match install() {
        Ok(()) => Ok(Outcome::Ok(format!("Node {}", version.trim()))),
        Err(why) => missing(format!("npm cannot install the packages for development: {why}")),
    }
}

fn find_npm() -> Option<PathBuf> {
    if cfg!(windows) { find("node").map(|node| node.with_file_name("npm.cmd")) } else { find("npm") }
}

/// Without a lockfile: npm writes none that is right for every platform. The versions are exact in `package.json`.
fn install() -> Result<(), String> {
    let npm = find_npm().ok_or("there is no npm")?;
    let words = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"];
    command::run(program(npm, words).current_dir(home()))
}

fn build() -> StepResult {
    build::bindings()?;
    package("debug")
}

/// The package in place, around the library of this profile.
fn package(profile: &str) -> StepResult {
    node(["scripts/build.mjs"], &[build::library("packshot_node", profile)?], None)
}

/// Builds the packages as they are released and installs them into `project`.
pub(crate) fn install_release(project: &Path, packages: &Path) -> Result<(), String> {
    install()?;
    command::run(&mut cargo(["build", "-p", "packshot-node", "--release"]))?;
    package("release")?;
    node(["scripts/pack.mjs"], &[packages], None)?;
    let mut packed = files::list(packages)?;
    packed.retain(|path| files::has_extension(path, &["tgz"]));
    let npm = find_npm().ok_or("there is no npm")?;
    let words = ["install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
    command::run(program(npm, words).args(packed).current_dir(project))
}

/// One file after the other: some of them measure times.
fn tests(places: &Places) -> StepResult {
    let suites = files::list(&home().join("test"))?;
    let suites: Vec<_> = suites.into_iter().filter(|path| files::name(path).ends_with(".test.mjs")).collect();
    node(["--test", "--test-concurrency=1", "--test-reporter=spec"], &suites, Some(places))
}

fn node<const N: usize>(words: [&str; N], paths: &[impl AsRef<Path>], places: Option<&Places>) -> StepResult {
    let mut node: Command = program("node", words);
    node.args(paths.iter().map(AsRef::as_ref)).current_dir(home());
    if let Some(places) = places {
        places.give(&mut node, "node");
    }
    command::run(&mut node)?;
    ok()
}
