//! The Python package: its wheel, built and installed as a user would, then type checks, tests and examples.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{Places, missing};
use crate::command::{self, program, unaware_of_xtask};
use crate::setup::python_with_pip;
use crate::steps::{Outcome, StepResult, Steps, ok};
use crate::{build, files};

/// The steps of `cargo xtask soak bindings` for Python.
pub(super) fn soak(steps: &mut Steps) {
    let Some((environments, wheel)) = wheel(steps) else { return };
    let Environments { full, bare, .. } = &environments;
    if steps.run("python: installation", || install(full, bare, &wheel)) {
        steps.run("python: memory", || step(&mut program(full, ["python/tests/soak_memory.py", super::SOAK_CALLS])));
    }
}

/// The environments, and the wheel as the tests want it.
fn wheel(steps: &mut Steps) -> Option<(Environments, PathBuf)> {
    let mut home = None;
    steps.run("python: environments", || match environments() {
        Ok(made) => {
            home = Some(made);
            ok()
        }
        Err(why) => missing(why),
    });
    let home = home?;
    let mut wheel = None;
    steps.run("python: wheel", || {
        build::bindings()?;
        let made = pack(&home.full, &home.wheels, &build::library("_packshot", "debug")?)?;
        let note = format!("{}, {} KiB in the dev profile", files::name(&made), size(&made) / 1024);
        wheel = Some(made);
        Ok(Outcome::Ok(note))
    });
    Some((home, wheel?))
}

/// The environments of the suite.
pub(super) fn setup() -> StepResult {
    environments().map(drop)?;
    ok()
}

/// The steps of `cargo xtask test python`.
pub(super) fn run(steps: &mut Steps, places: &Places) {
    let Some((home, wheel)) = wheel(steps) else { return };
    let Environments { full, bare, wheels } = &home;
    let tool = |name| home.tool(name);
    steps.run("python: formatting and lints", || {
        let places = ["python", "examples/python"];
        let with_rules = |word| {
            let mut ruff = program(tool("ruff"), [word, "--config", "python/pyproject.toml"]);
            ruff.args(places);
            ruff
        };
        command::run(&mut with_rules("check"))?;
        step(with_rules("format").arg("--check"))
    });
    if !steps.run("python: installation", || install(full, bare, &wheel)) {
        return;
    }
    // Outside of the sources, which have no native half.
    steps.run("python: types", || {
        command::run(in_folder(&mut program(tool("mypy"), []), "python"))?;
        command::run(&mut program(tool("mypy"), ["--strict", "examples/python"]))?;
        let mut stubtest = program(full, ["-m", "mypy.stubtest", "packshot._packshot", "--mypy-config-file"]);
        step(stubtest.arg(files::root().join("python/pyproject.toml")).current_dir(wheels))
    });
    steps.run("python: tests, examples and README", || {
        let mut pytest = program(tool("pytest"), ["--quiet", "-c", "python/pyproject.toml", "python/tests"]);
        step(places.give(&mut pytest, "python"))
    });
    steps.run("python: the wheel alone", || {
        let words = ["python/tests/without_dependencies.py", "examples/photos/rendered-mug.jpg"];
        let mut alone = program(bare, words);
        // As a user has it, who has set nothing.
        step(alone.env_remove("PACKSHOT_ORT_DYLIB").env_remove("ORT_DYLIB_PATH"))
    });
}

struct Environments {
    full: PathBuf,
    bare: PathBuf,
    wheels: PathBuf,
}

impl Environments {
    /// A program in the environment that has everything.
    fn tool(&self, name: &str) -> PathBuf {
        self.full.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// One environment with everything that the suite needs, one with nothing, and a folder for the wheel.
fn environments() -> Result<Environments, String> {
    let folder = files::target_folder()?.join("python");
    let full = python_with_pip(&folder.join("full"))?;
    let bare = python_with_pip(&folder.join("bare"))?;
    command::run(pip(&full).arg("--requirement").arg("python/requirements-test.txt"))?;
    let wheels = folder.join("wheels");
    fs::create_dir_all(&wheels).map_err(|cause| format!("cannot create {}: {cause}", wheels.display()))?;
    Ok(Environments { full, bare, wheels })
}

fn pip(python: &Path) -> Command {
    program(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
}

/// Builds the package as it is released and installs it into the environment of `python`, which has what it depends on.
pub(crate) fn install_release(python: &Path, wheels: &Path) -> Result<(), String> {
    let maturin = format!("maturin=={}", requirement("maturin")?);
    command::run(pip(python).arg(maturin))?;
    fs::create_dir_all(wheels).map_err(|cause| format!("cannot create {}: {cause}", wheels.display()))?;
    let tool = python.with_file_name(format!("maturin{}", env::consts::EXE_SUFFIX));
    let wheel = build_release(&tool, python, wheels)?;
    command::run(pip(python).args(["--force-reinstall", "--no-deps"]).arg(wheel))
}

/// The version of a package that the tests want.
fn requirement(package: &str) -> Result<String, String> {
    let path = files::root().join("python/requirements-test.txt");
    let text = fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()))?;
    let versions: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(package)?.strip_prefix("==")).collect();
    versions.first().map(|version| (*version).to_owned()).ok_or_else(|| format!("{} has no {package}", path.display()))
}

/// The wheel around a library that is there.
fn pack(python: &Path, wheels: &Path, library: &Path) -> Result<PathBuf, String> {
    the_wheel_of(program(python, ["python/scripts/pack.py"]).arg(library).arg(wheels), wheels)
}

/// Builds and packs the wheel as it is released.
fn build_release(maturin: &Path, python: &Path, wheels: &Path) -> Result<PathBuf, String> {
    let mut maturin = program(maturin, ["build", "--release", "--manifest-path", "python/Cargo.toml"]);
    maturin.arg("--interpreter").arg(python).arg("--out").arg(wheels);
    // The folder that this program was built into, which a variable or a file of settings may have moved.
    maturin.env("CARGO_TARGET_DIR", files::target_folder()?);
    the_wheel_of(&mut maturin, wheels)
}

/// The wheel that the command puts into `wheels`, in place of older ones.
fn the_wheel_of(command: &mut Command, wheels: &Path) -> Result<PathBuf, String> {
    let packed = || -> Result<Vec<PathBuf>, String> {
        let mut found = files::list(wheels)?;
        found.retain(|path| files::has_extension(path, &["whl"]));
        Ok(found)
    };
    for old in packed()? {
        fs::remove_file(&old).map_err(|cause| format!("cannot delete {}: {cause}", old.display()))?;
    }
    command::run(unaware_of_xtask(command))?;
    packed()?.pop().ok_or_else(|| "there is no wheel".to_owned())
}

/// With its extras, which are there already in the versions that the tests want; and alone, as it needs nothing.
fn install(full: &Path, bare: &Path, wheel: &Path) -> StepResult {
    command::run(pip(full).arg(format!("{}[numpy,pillow,ort]", wheel.display())))?;
    command::run(pip(bare).arg(wheel))?;
    // The version does not change with the content.
    for python in [full, bare] {
        command::run(pip(python).args(["--force-reinstall", "--no-deps"]).arg(wheel))?;
    }
    ok()
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |found| found.len())
}

fn in_folder<'a>(command: &'a mut Command, folder: &str) -> &'a mut Command {
    command.current_dir(files::root().join(folder))
}

fn step(command: &mut Command) -> StepResult {
    command::run(command)?;
    ok()
}
