//! The suites of the language bindings.

mod kotlin;
mod node;
mod parity;
mod python;
mod server;
mod swift;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::setup;
use crate::steps::{Outcome, StepResult, Steps};
use crate::{build, files};
use server::Server;

/// A language that Packshot speaks besides Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Node,
    Kotlin,
    Swift,
}

impl Language {
    pub(crate) const ALL: [Self; 4] = [Self::Python, Self::Node, Self::Kotlin, Self::Swift];

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }
}

pub(crate) use kotlin::install_release as install_for_kotlin;
pub(crate) use node::install_release as install_for_node;
pub(crate) use python::install_release as install_for_python;
pub(crate) use swift::build_release as build_for_swift;

/// The file that tests write to when they are skipped.
const SKIPPED: &str = "skipped";

/// What the suites find in their environment.
pub(crate) struct Places {
    server: Server,
    folder: PathBuf,
}

impl Places {
    /// Starts the server of the cases, and forgets what earlier runs showed.
    pub(crate) fn prepare(languages: &[Language]) -> Result<Self, String> {
        let folder = files::target_folder()?.join("parity");
        fs::create_dir_all(&folder).map_err(|cause| format!("cannot create {}: {cause}", folder.display()))?;
        for name in languages.iter().map(|language| language.as_str()).chain(["rust"]) {
            let path = parity::record(&folder, name);
            fs::write(&path, "").map_err(|cause| format!("cannot write {}: {cause}", path.display()))?;
        }
        fs::write(folder.join(SKIPPED), "").map_err(|cause| format!("cannot write {SKIPPED}: {cause}"))?;
        Ok(Self { server: Server::start(cases())?, folder })
    }

    /// The command with the variables that `bindings/README.md` names. Absolute paths, for suites run anywhere.
    pub(crate) fn give<'a>(&self, command: &'a mut Command, language: &str) -> &'a mut Command {
        // Cargo sets it for what it runs here; the packages must see to it themselves, and their suites show it.
        command.env_remove("ORT_DISABLE_TELEMETRY");
        command.env("PACKSHOT_CASES", cases());
        command.env("PACKSHOT_PARITY", parity::record(&self.folder, language));
        command.env("PACKSHOT_TEST_SERVER", self.server.address());
        command.env("PACKSHOT_SKIPPED", self.folder.join(SKIPPED));
        let data = env::var_os("PACKSHOT_TEST_DATA").map(PathBuf::from);
        let program = build::program("packshot").ok();
        for (name, path) in [
            ("PACKSHOT_TEST_ORT", setup::onnxruntime()),
            ("PACKSHOT_TEST_DATA", data),
            ("PACKSHOT_TEST_COMMAND", program),
        ] {
            if let Some(path) = path.and_then(|path| std::path::absolute(path).ok()) {
                command.env(name, path);
            }
        }
        command
    }

    /// Which tests were skipped, and why: data or a library that is not in the repository was not there.
    pub(crate) fn skipped(&self) -> StepResult {
        let path = self.folder.join(SKIPPED);
        let text = fs::read_to_string(&path).map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
        let tests: std::collections::BTreeSet<_> = text.lines().collect();
        tests.iter().for_each(|test| println!("skipped: {test}"));
        match tests.len() {
            0 => Ok(Outcome::Ok("none".to_owned())),
            count => Ok(Outcome::Skipped(format!("{count} tests had no data or library"))),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

fn cases() -> PathBuf {
    files::root().join("bindings/cases")
}

/// What to say where a tool is missing that cannot be installed: on CI nothing is skipped.
pub(crate) fn missing(why: impl Into<String>) -> StepResult {
    if env::var_os("CI").is_some() { Err(why.into()) } else { Ok(Outcome::Skipped(why.into())) }
}

/// What the suites of these languages need and cargo does not build.
pub(crate) fn setup(steps: &mut Steps, languages: &[Language]) {
    for language in languages {
        match language {
            Language::Python => steps.run("python: environments", python::setup),
            Language::Node => steps.run("node: tools", node::tools),
            Language::Kotlin => steps.run("kotlin: Java, Maven and its packages", kotlin::setup),
            Language::Swift => steps.run("Swift: toolchain", swift::setup),
        };
    }
}

/// Builds and tests the packages of these languages.
pub(crate) fn run(steps: &mut Steps, languages: &[Language], places: &Places) {
    for language in languages {
        match language {
            Language::Python => python::run(steps, places),
            Language::Node => node::run(steps, places),
            Language::Kotlin => kotlin::run(steps, places),
            Language::Swift => swift::run(steps, places),
        }
    }
}

/// Calls of each language in a soak: memory that a call does not give back shows after so many.
const SOAK_CALLS: &str = "1000";

/// The steps of `cargo xtask soak bindings`: a thousand calls from each language must not make its process grow.
pub(crate) fn soak(steps: &mut Steps) {
    let places = match Places::prepare(&Language::ALL) {
        Ok(places) => places,
        Err(why) => {
            steps.run("bindings: memory", || Err(why));
            return;
        }
    };
    python::soak(steps);
    node::soak(steps);
    kotlin::soak(steps, &places);
    swift::soak(steps, &places);
}

/// The steps of `cargo xtask soak bundlers`.
pub(crate) use node::bundlers;

/// Demands that every concept of the table was shown in these languages.
pub(crate) fn parity(steps: &mut Steps, languages: &[&str], places: &Places) {
    steps.run("parity of the languages", || parity::check(places.folder(), languages));
}
