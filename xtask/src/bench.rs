//! Gets everything that the benchmarks compare, and starts them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::bindings;
use crate::command::{self, cargo, find, program};
use crate::files;
use crate::setup;
use crate::steps::{Outcome, StepResult, Steps, ok};

/// What the benchmarks may use: a path, or the reason why it cannot be had.
type Maybe = Result<PathBuf, String>;

/// It, under the name that the benchmarks know it by.
type Have = (&'static str, Maybe);

/// The steps of `cargo xtask bench`.
pub(crate) fn run(steps: &mut Steps, rows: &[String]) {
    steps.run("setup: ONNX Runtime", setup::install_onnxruntime);
    let Ok(folder) = files::target_folder().map(|target| target.join("bench")) else {
        steps.run("bench", || Err("xtask is not in a target folder".to_owned()));
        return;
    };
    let mut have: Vec<Have> = Vec::new();
    let mut get = |name: &'static str, step: &str, work: &dyn Fn(&[Have]) -> Maybe| {
        let mut found = Err(String::new());
        steps.run(&format!("bench: {step}"), || {
            found = fs::create_dir_all(&folder).map_err(|cause| cause.to_string()).and_then(|()| work(&have));
            match &found {
                Ok(path) => Ok(Outcome::Ok(path.display().to_string())),
                Err(why) => Ok(Outcome::Skipped(why.clone())),
            }
        });
        have.push((name, found));
    };
    get("LIBRARY", "ONNX Runtime", &|_| setup::onnxruntime().ok_or_else(|| "no ONNX Runtime".to_owned()));
    get("PYTHON", "rembg, PyMatting, Pillow", &|_| python(&folder.join("python")));
    get("NODE", "imgly, sharp", &|_| node(&folder.join("node")));
    get("PYTHON_BINDING", "Packshot for Python", &|have| {
        let python = got(have, "PYTHON")?;
        bindings::install_for_python(&python, &folder.join("wheels"))?;
        Ok(python)
    });
    get("NODE_BINDING", "Packshot for Node", &|have| {
        let project = got(have, "NODE")?;
        bindings::install_for_node(&project, &folder.join("npm"))?;
        Ok(project)
    });
    get("KOTLIN_BINDING", "Packshot for Kotlin", &|_| {
        let project = folder.join("kotlin");
        bindings::install_for_kotlin(&project)?;
        Ok(project)
    });
    get("SWIFT_BINDING", "Packshot for Swift", &|_| {
        let script = folder.join("swift.sh");
        bindings::build_for_swift(&script)?;
        Ok(script)
    });
    // Built before the plain one, which keeps the name in the target folder.
    get("TURBO", "Packshot with libjpeg-turbo", &|_| turbo(&folder));
    get("PLAIN", "Packshot", &|_| build(&folder, "packshot-bench", &[]));
    get("CLI", "packshot, the command", &|_| command::release_cli());
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

fn got(have: &[Have], name: &str) -> Maybe {
    have.iter()
        .find(|(this, _)| *this == name)
        .map_or_else(|| Err(format!("{name} comes later")), |(_, found)| found.clone())
}

fn measure(folder: &Path, have: &[Have], rows: &[String]) -> StepResult {
    let mut command = program(got(have, "PLAIN")?, ["run"]);
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
