//! Gets everything that the benchmarks compare, and starts them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::command::{self, cargo, find, program};
use crate::files;
use crate::setup;
use crate::steps::{Outcome, StepResult, Steps, ok};

/// What the benchmarks may use: a path, or the reason why it cannot be had.
type Maybe = Result<PathBuf, String>;

/// The steps of `cargo xtask bench`.
pub(crate) fn run(steps: &mut Steps, rows: &[String]) {
    steps.run("setup: ONNX Runtime", setup::install_onnxruntime);
    let Ok(folder) = files::target_folder().map(|target| target.join("bench")) else {
        steps.run("bench", || Err("xtask is not in a target folder".to_owned()));
        return;
    };
    let mut have = Vec::new();
    let mut get = |steps: &mut Steps, name: &'static str, step: &str, work: &dyn Fn() -> Maybe| {
        let mut found = Err(String::new());
        steps.run(&format!("bench: {step}"), || {
            found = fs::create_dir_all(&folder).map_err(|cause| cause.to_string()).and_then(|()| work());
            match &found {
                Ok(path) => Ok(Outcome::Ok(path.display().to_string())),
                Err(why) => Ok(Outcome::Skipped(why.clone())),
            }
        });
        have.push((name, found));
    };
    get(steps, "LIBRARY", "ONNX Runtime", &|| setup::onnxruntime().ok_or_else(|| "no ONNX Runtime".to_owned()));
    get(steps, "PYTHON", "rembg, PyMatting, Pillow", &|| python(&folder.join("python")));
    get(steps, "NODE", "imgly, sharp", &|| node(&folder.join("node")));
    // Built before the plain one, which keeps the name in the target folder.
    get(steps, "TURBO", "Packshot with libjpeg-turbo", &|| turbo(&folder));
    get(steps, "PLAIN", "Packshot", &|| build(&folder, "packshot-bench", &[]));
    get(steps, "CLI", "packshot, the command", &command::release_cli);
    steps.run("bench: measure", || measure(&folder, &have, rows));
}

/// The steps of `cargo xtask gallery`.
pub(crate) fn gallery(steps: &mut Steps) {
    steps.run("setup: ONNX Runtime", setup::install_onnxruntime);
    steps.run("gallery", || {
        let folder = files::target_folder()?;
        let bench = build(&folder.join("bench"), "packshot-bench", &[])?;
        let mut command = program(&bench, ["gallery"]);
        command.arg(folder.join("gallery")).arg(files::root());
        if let Some(library) = setup::onnxruntime() {
            command.env("ORT_DYLIB_PATH", library);
        }
        if let Some(data) = env::var_os("PACKSHOT_TEST_DATA") {
            command.env("PACKSHOT_TEST_DATA", std::path::absolute(data).map_err(|cause| cause.to_string())?);
        }
        command::run(&mut command)?;
        Ok(Outcome::Ok(folder.join("gallery/index.html").display().to_string()))
    });
}

fn measure(folder: &Path, have: &[(&str, Maybe)], rows: &[String]) -> StepResult {
    let plain = have.iter().find(|(name, _)| *name == "PLAIN").ok_or("the benchmarks were not built")?;
    let mut command = program(plain.1.as_ref()?, ["run"]);
    command.arg(folder.join("work")).arg(files::root()).args(rows);
    for (name, found) in have {
        match found {
            Ok(path) => command.env(format!("PACKSHOT_BENCH_{name}"), path),
            Err(why) => command.env(format!("PACKSHOT_BENCH_NO_{name}"), why),
        };
    }
    if let Some(data) = env::var_os("PACKSHOT_TEST_DATA") {
        command.env("PACKSHOT_TEST_DATA", std::path::absolute(data).map_err(|cause| cause.to_string())?);
    }
    command::run(&mut command)?;
    ok()
}

/// An environment of its own, for these packages are many and run code.
fn python(folder: &Path) -> Maybe {
    let python = setup::python_with_pip(folder)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", "-r"];
    command::run(program(&python, pip).arg("bench/peers/requirements.txt"))?;
    Ok(python)
}

/// Without the packages' own scripts, which would download more: what these peers need comes in packages.
fn node(folder: &Path) -> Maybe {
    let npm = find("npm").ok_or("Node.js with npm is needed; please install it")?;
    fs::create_dir_all(folder).map_err(|cause| format!("cannot create {}: {cause}", folder.display()))?;
    fs::copy(files::root().join("bench/peers/package.json"), folder.join("package.json"))
        .map_err(|cause| format!("cannot copy package.json: {cause}"))?;
    let words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    command::run(program(npm, words).current_dir(folder))?;
    Ok(folder.to_path_buf())
}

fn turbo(folder: &Path) -> Maybe {
    setup::libjpeg_turbo_tools()?;
    build(folder, "packshot-bench-turbo", &["--features", "turbo"])
}

/// Builds the benchmarks and puts the program aside, for the next build overwrites it.
fn build(folder: &Path, name: &str, features: &[&str]) -> Maybe {
    command::run(cargo(["build", "--release", "-p", "packshot-bench"]).args(features))?;
    let suffix = env::consts::EXE_SUFFIX;
    let built = files::target_folder()?.join("release").join(format!("packshot-bench{suffix}"));
    let kept = folder.join(format!("{name}{suffix}"));
    fs::copy(&built, &kept).map_err(|cause| format!("cannot copy {}: {cause}", built.display()))?;
    Ok(kept)
}
