//! Thousands of JPEGs of every kind: the samples that libjpeg-turbo reads, or an error with a code.

use std::path::Path;

use crate::command::{self, apt_install, cargo, find, program};
use crate::files::{self, Scratch};
use crate::setup;
use crate::steps::{Outcome, StepResult, Steps, ok};

/// Its wheels bring libjpeg-turbo 3.
const PILLOW: &str = "pillow==13.0.0";

/// The steps of `cargo xtask soak jpeg`.
pub(super) fn run(steps: &mut Steps) {
    let mut corpus = None;
    steps.run("jpeg: files and what libjpeg-turbo reads in them", || {
        let scratch = Scratch::new("jpegs")?;
        generate(scratch.path())?;
        let index = scratch.path().join("index.txt");
        let index =
            std::fs::read_to_string(&index).map_err(|cause| format!("cannot read {}: {cause}", index.display()))?;
        corpus = Some(scratch);
        Ok(Outcome::Ok(format!("{} files", index.lines().count())))
    });
    let Some(corpus) = corpus else { return };
    steps.run("jpeg: default build", || compare(corpus.path(), &[]));
    steps.run("jpeg: with the feature `turbo`", || {
        setup::libjpeg_turbo_tools()?;
        compare(corpus.path(), &["--features", "turbo"])
    });
}

fn generate(folder: &Path) -> Result<(), String> {
    if ["cjpeg", "jpegtran"].into_iter().any(|tool| find(tool).is_none()) {
        apt_install("libjpeg-turbo-progs")?;
    }
    let python = setup::python_with_pip(&files::target_folder()?.join("jpegs"))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", PILLOW];
    command::run(&mut program(&python, pip))?;
    command::run(program(&python, ["fuzz/jpegs.py"]).arg(folder))
}

/// The test prints how many files had which outcome.
fn compare(corpus: &Path, features: &[&str]) -> StepResult {
    let mut command = cargo(["test", "-p", "packshot", "--test", "photo"]);
    command.args(features).args(["--", "--nocapture", "jpegs_are_read"]).env("PACKSHOT_TEST_JPEGS", corpus);
    command::run(&mut command)?;
    ok()
}
