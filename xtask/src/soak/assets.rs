//! Assets of the service, with what takes long to install or to run.

use std::fs;

use crate::command::{self, cargo, program};
use crate::files;
use crate::steps::{StepResult, Steps, ok};

/// Steps of random histories, in fours.
const HISTORIES: &str = "100";

/// The steps of `cargo xtask soak assets`.
pub(super) fn run(steps: &mut Steps) {
    steps.run("assets: a bucket with versions, of versitygw", bucket);
    steps.run("assets: viruses, by clamd", viruses);
    steps.run("assets: long random histories", histories);
    steps.run("assets: what they cost", costs);
}

fn bucket() -> StepResult {
    let folder = files::target_folder()?.join("assets-checks");
    fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut install = program("go", ["install", "github.com/versity/versitygw/cmd/versitygw@v1.8.0"]);
    command::run(install.env("GOBIN", &folder).env("CGO_ENABLED", "0").env("GOFLAGS", "-modcacherw"))?;
    command::run(tests("assets::bucket").env("PACKSHOT_TEST_S3", folder.join("versitygw")))?;
    ok()
}

fn viruses() -> StepResult {
    if command::find("clamd").is_none() {
        command::apt_install("clamav-daemon")?;
    }
    command::run(&mut tests("assets::images"))?;
    ok()
}

fn histories() -> StepResult {
    command::run(tests("assets::lives").env("PACKSHOT_TEST_SCHEDULES", HISTORIES))?;
    ok()
}

fn costs() -> StepResult {
    command::run(&mut cargo(["bench", "-p", "packshot-server", "--features", "measure", "--bench", "assets"]))?;
    ok()
}

fn tests(name: &str) -> std::process::Command {
    cargo(["test", "-p", "packshot-server", "--test", "it", name])
}
