//! The setup of everything, in a process of its own, while cargo compiles: it waits for the network, and cargo does not.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::{env, io};

use crate::bindings::Language;
use crate::command::program;
use crate::files;
use crate::steps::{Outcome, StepResult};

/// `cargo xtask setup` for these languages, under way.
pub(crate) struct Setup {
    child: Child,
    log: PathBuf,
}

impl Setup {
    pub(crate) fn start(languages: &[Language]) -> Result<Self, String> {
        let log = files::target_folder()?.join("setup.log");
        let start = || -> io::Result<Child> {
            let file = File::create(&log)?;
            let mut setup = program(env::current_exe()?, ["setup"]);
            setup.args(languages.iter().map(|language| language.as_str()));
            setup.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()
        };
        let child = start().map_err(|cause| format!("cannot start `cargo xtask setup`: {cause}"))?;
        Ok(Self { child, log })
    }

    /// Waits for the end, and prints what it printed. Where it failed, the step that needs what is missing says so.
    pub(crate) fn join(mut self) -> StepResult {
        let status = self.child.wait().map_err(|cause| format!("`cargo xtask setup` is lost: {cause}"))?;
        print!("{}", fs::read_to_string(&self.log).unwrap_or_default());
        let failed = || Ok(Outcome::Skipped(format!("it ended with {status}; what is missing is tried again")));
        if status.success() { Ok(Outcome::Ok("it ran while cargo compiled".to_owned())) } else { failed() }
    }
}
