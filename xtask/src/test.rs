//! Everything that must be green before a change goes in.

use std::env;
use std::process::Command;

use crate::command::{self, cargo};
use crate::steps::{StepResult, Steps, ok};
use crate::{readme, setup, tidy};

/// The steps of `cargo xtask test`: the cheap ones first, and the release build, which shares nothing, last.
pub(crate) fn run(steps: &mut Steps, quick: bool) {
    setup::run(steps);
    steps.run("file lengths", tidy::file_lengths);
    steps.run("decision numbers", tidy::decision_numbers);
    steps.run("formatting", || cargo_step(&mut cargo(["fmt", "--all", "--check"])));
    steps.run("clippy", || cargo_step(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    steps.run("tests", || cargo_step(with_test_places(&mut cargo(["test", "--workspace", "--no-fail-fast"]))));
    if quick {
        return;
    }
    // Only checked: to build it would compile half of the dependencies a second time.
    steps.run("library without default features", || {
        cargo_step(&mut cargo(["check", "-p", "packshot", "--no-default-features", "--lib", "--tests"]))
    });
    // Only libraries: the CLI's program has the library's name, and their pages would overwrite each other.
    steps.run("documentation", || {
        cargo_step(cargo(["doc", "--workspace", "--lib", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
    steps.run("README: cut out the example photos", readme::cut_out_examples);
}

/// The library's tests with every cargo feature and with none; this takes minutes to compile, so it is no part of
/// [`run`].
pub(crate) fn other_features() -> StepResult {
    setup::libjpeg_turbo_tools()?;
    cargo_step(with_test_places(&mut cargo(["test", "-p", "packshot", "--no-default-features", "--lib"])))?;
    cargo_step(with_test_places(&mut cargo(["test", "-p", "packshot", "--all-features"])))
}

fn cargo_step(command: &mut Command) -> StepResult {
    command::run(command)?;
    ok()
}

/// Absolute paths, because tests run in their crate's folder.
fn with_test_places(command: &mut Command) -> &mut Command {
    let data = env::var_os("PACKSHOT_TEST_DATA").map(Into::into);
    for (name, path) in [("PACKSHOT_TEST_ORT", setup::onnxruntime()), ("PACKSHOT_TEST_DATA", data)] {
        if let Some(path) = path.and_then(|path| std::path::absolute(path).ok()) {
            command.env(name, path);
        }
    }
    command
}
