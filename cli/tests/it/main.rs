//! What users type, and what they get.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

use std::path::Path;
use std::process::{Command, Output};

mod crop;
mod cutout;
mod kept;
mod policy;
#[cfg(target_os = "linux")]
mod privacy;
mod recipe;
mod run;
#[cfg(all(feature = "serve", feature = "client"))]
mod service;
mod upscale;

/// The command, with the built-in backend and a cache of its own, whatever the environment says.
fn packshot(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packshot"));
    command.env("PACKSHOT_CACHE", folder.join("cache")).args(["--backend", "rten"]);
    command.env_remove("PACKSHOT_ORT_DYLIB").env_remove("ORT_DYLIB_PATH").env_remove("PACKSHOT_OFFLINE");
    command
}

/// What it answers in `folder`, as lines of JSON.
fn json(folder: &Path, arguments: &[&str]) -> Output {
    packshot(folder).arg("--json").args(arguments).current_dir(folder).output().unwrap()
}
