//! The fuzz targets, each for some minutes.

use std::fs;

use crate::command::{self, answer, program};
use crate::deny;
use crate::files;
use crate::steps::{Outcome, Steps, ok};

/// Far above what a target's own limits allow; more is a finding.
const MOST_MEGABYTES: u32 = 1024;
/// An input that takes longer is a finding.
const MOST_SECONDS: u32 = 20;

/// One step for each file in `fuzz/fuzz_targets`.
pub(super) fn run(steps: &mut Steps, minutes: u64) {
    let ready = steps.run("fuzz: nightly toolchain", || {
        let toolchains =
            answer(&mut program("rustup", ["toolchain", "list"])).ok_or("rustup is needed for a nightly toolchain")?;
        if !toolchains.lines().any(|line| line.starts_with("nightly")) {
            command::run(&mut program("rustup", ["toolchain", "install", "nightly", "--profile", "minimal"]))?;
        }
        ok()
    }) && steps.run("fuzz: cargo-fuzz", || deny::install("cargo-fuzz"));
    if !ready {
        return;
    }
    let targets = match files::list(&files::root().join("fuzz/fuzz_targets")) {
        Ok(targets) => targets,
        Err(why) => {
            steps.run("fuzz", || Err(why));
            return;
        }
    };
    for target in targets.iter().filter_map(|path| path.file_stem()?.to_str()) {
        steps.run(&format!("fuzz: {target}"), || {
            let fuzz = files::root().join("fuzz");
            let corpus = fuzz.join("corpus").join(target);
            fs::create_dir_all(&corpus).map_err(|cause| format!("cannot create {}: {cause}", corpus.display()))?;
            // New inputs go into the first folder; the seeds stay as they are in git.
            let mut command = program("rustup", ["run", "nightly", "cargo", "fuzz", "run", target]);
            command.args([corpus, fuzz.join("seeds").join(target)]).arg("--").args([
                format!("-max_total_time={}", minutes * 60),
                format!("-rss_limit_mb={MOST_MEGABYTES}"),
                format!("-timeout={MOST_SECONDS}"),
            ]);
            // Set by the cargo that runs this, and stronger than `rustup run`.
            for variable in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC"] {
                command.env_remove(variable);
            }
            command::run(&mut command)?;
            Ok(Outcome::Ok(format!("{minutes} min without a finding")))
        });
    }
}
