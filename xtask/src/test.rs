//! Everything that must be green before a change goes in.

use std::process::Command;

use crate::beside::Setup;
use crate::bindings::{self, Language, Places};
use crate::chores::Scope;
use crate::command::{self, cargo};
use crate::steps::{StepResult, Steps, ok};
use crate::{build, docs, examples, files, layers, readme, setup, tidy};

/// The steps of `cargo xtask test`.
pub(crate) fn run(steps: &mut Steps, scope: Scope) {
    let languages = match &scope {
        Scope::Everything => &Language::ALL[..],
        Scope::Binding(language) => std::slice::from_ref(language),
        Scope::Rust | Scope::Quick => &[],
    };
    let places = match Places::prepare(languages) {
        Ok(places) => places,
        Err(why) => {
            steps.run("tests", || Err(why));
            return;
        }
    };
    let setup = Setup::start(languages);
    let mut names: Vec<_> = languages.iter().map(|language| language.as_str()).collect();
    let alone = matches!(scope, Scope::Binding(_));
    if alone {
        steps.run("build of the bindings", || build::bindings().and_then(|()| ok()));
    } else {
        names.insert(0, "rust");
        compiled(steps, scope == Scope::Quick);
    }
    steps.run("setup", || setup.and_then(Setup::join));
    if !alone {
        rust(steps, &places, scope == Scope::Quick);
    }
    bindings::run(steps, languages, &places);
    if scope != Scope::Quick {
        bindings::parity(steps, &names, &places);
    }
    if scope == Scope::Everything {
        let written = files::target_folder().and_then(|folder| steps.write_times(&folder.join("ci.md")));
        written.unwrap_or_else(|why| println!("{why}"));
    }
}

/// What is read and compiled, while the setup waits for the network: the cheap ones first.
fn compiled(steps: &mut Steps, quick: bool) {
    steps.run("file lengths", tidy::file_lengths);
    steps.run("decision numbers", tidy::decision_numbers);
    steps.run("README: code that runs", readme::code_that_runs);
    steps.run("layers", layers::check);
    steps.run("formatting", || cargo_step(&mut cargo(["fmt", "--all", "--check"])));
    // Without the faults of the tests: so both choices are compiled. The dependencies are the same.
    steps.run("clippy", || cargo_step(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])));
    if quick {
        return;
    }
    steps.run("build", build::everything);
    // Only checked: to build it would compile half of the dependencies a second time.
    steps.run("library without default features", || {
        cargo_step(&mut cargo(["check", "-p", "packshot", "--no-default-features", "--lib", "--tests"]))
    });
    // Only libraries: the CLI's program has the library's name, and their pages would overwrite each other.
    steps.run("documentation", || {
        cargo_step(cargo(["doc", "--workspace", "--lib", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
}

/// What was compiled is run.
fn rust(steps: &mut Steps, places: &Places, quick: bool) {
    steps.run("tests", || cargo_step(places.give(build::workspace("test").arg("--no-fail-fast"), "rust")));
    steps.run("tests that were skipped", || places.skipped());
    if quick {
        return;
    }
    steps.run("examples in Rust", examples::run);
    steps.run("code of the guide", examples::guide);
    steps.run("documentation site", docs::build);
    steps.run("README: cut out the example photos", readme::cut_out_examples);
}

/// The library's tests with every cargo feature and with none; this takes minutes to compile, so it is no part of
/// [`run`].
pub(crate) fn other_features() -> StepResult {
    setup::libjpeg_turbo_tools()?;
    let places = Places::prepare(&[])?;
    cargo_step(places.give(&mut cargo(["test", "-p", "packshot", "--no-default-features", "--lib"]), "rust"))?;
    cargo_step(places.give(&mut cargo(["test", "-p", "packshot", "--all-features"]), "rust"))
}

/// The library's test of many calls at once, with 200 of 12 megapixels, in a release build.
pub(crate) fn calls() -> StepResult {
    let places = Places::prepare(&[])?;
    let mut tests = cargo(["test", "-p", "packshot", "--release", "--test", "calls", "--", "--nocapture"]);
    let tests = tests.env("PACKSHOT_TEST_CALLS", "200").env("PACKSHOT_TEST_MEGAPIXELS", "12");
    cargo_step(places.give(tests, "rust"))
}

/// The service's tests of credits, with many more histories and kills.
pub(crate) fn ledger() -> StepResult {
    let mut tests = cargo(["test", "-p", "packshot-server", "--release", "--test", "it", "credits", "api::once"]);
    cargo_step(
        tests
            .env("PACKSHOT_TEST_HISTORIES", "2000")
            .env("PACKSHOT_TEST_KILLS", "100")
            .env("PACKSHOT_TEST_SCHEDULES", "1000"),
    )
}

/// The library's tests of how a process ends, with many more processes.
pub(crate) fn exits() -> StepResult {
    setup::install_onnxruntime()?;
    let places = Places::prepare(&[])?;
    let mut tests = cargo(["test", "-p", "packshot", "--lib", "inference::tests::exit"]);
    cargo_step(places.give(&mut tests, "rust").env("PACKSHOT_TEST_EXITS", "50"))
}

fn cargo_step(command: &mut Command) -> StepResult {
    command::run(command)?;
    ok()
}
