//! What the tests need and Cargo cannot fetch.

use std::env;
use std::path::{Path, PathBuf};

use crate::bindings::{self, Language};
use crate::command::{self, answer, apt_install, find, program};
use crate::docs;
use crate::files;
use crate::steps::{Outcome, StepResult, Steps, ok};

/// At least 1.29: the first version that sends telemetry, which the tests prove to be off.
const ONNXRUNTIME: &str = "1.31.1";

/// The steps of `cargo xtask setup`.
pub(crate) fn run(steps: &mut Steps, languages: &[Language]) {
    steps.run("setup: ONNX Runtime", install_onnxruntime);
    steps.run("setup: strace", install_strace);
    steps.run("setup: PostgreSQL", install_postgres);
    steps.run("setup: MkDocs", || docs::environment().and_then(|_| ok()));
    bindings::setup(steps, languages);
}

/// The library to test with: the one that `PACKSHOT_TEST_ORT` names, or the one that the setup put into `.env/`.
pub(crate) fn onnxruntime() -> Option<PathBuf> {
    env::var_os("PACKSHOT_TEST_ORT").map(PathBuf::from).or_else(|| installed(&environment()))
}

/// Nothing of this environment is ever run but pip: the wheel is the easiest way to the library on every system.
pub(crate) fn install_onnxruntime() -> StepResult {
    let folder = environment();
    if let Some(library) = onnxruntime() {
        return Ok(Outcome::Ok(format!("{} is there", library.display())));
    }
    if !has_wheel() {
        let why =
            format!("no wheel for {} on {}; set PACKSHOT_TEST_ORT to a library", env::consts::OS, env::consts::ARCH);
        return Ok(Outcome::Skipped(why));
    }
    let python = python_with_pip(&folder)?;
    let package = format!("onnxruntime=={ONNXRUNTIME}");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
    command::run(program(&python, pip).arg(package))?;
    let library = installed(&folder).ok_or_else(|| format!("the wheel put no library into {}", folder.display()))?;
    Ok(Outcome::Ok(format!("installed {}", library.display())))
}

/// The Python of the environment in `folder`, which is made if it is not there.
pub(crate) fn python_with_pip(folder: &Path) -> Result<PathBuf, String> {
    let python = python_in(folder);
    if answer(&mut program(&python, ["-m", "pip", "--version"])).is_none() {
        create_environment(folder)?;
    }
    Ok(python)
}

fn create_environment(folder: &Path) -> Result<(), String> {
    let python = ["python3", "python"].into_iter().find(|name| find(name).is_some());
    let python = python.ok_or("Python 3.11 or later is needed; please install it")?;
    // --clear: what a failed attempt left behind has no pip.
    let create = || command::run(program(python, ["-m", "venv", "--clear"]).arg(folder));
    create().or_else(|_| {
        apt_install("python3-venv")?;
        create()
    })
}

fn install_strace() -> StepResult {
    if !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("for Linux only; the test that needs it is skipped here".to_owned()));
    }
    if let Some(path) = find("strace") {
        return Ok(Outcome::Ok(format!("{} is there", path.display())));
    }
    match apt_install("strace") {
        Ok(()) => Ok(Outcome::Ok("installed".to_owned())),
        Err(why) => Ok(Outcome::Skipped(format!("{why}; the test that needs it is skipped without it"))),
    }
}

/// The server of the tests of the service, which start one of their own.
fn install_postgres() -> StepResult {
    let debian = files::list(Path::new("/usr/lib/postgresql")).unwrap_or_default();
    if find("initdb").is_some() || debian.iter().any(|version| version.join("bin/initdb").exists()) {
        return Ok(Outcome::Ok("PostgreSQL is there".to_owned()));
    }
    match apt_install("postgresql") {
        Ok(()) => Ok(Outcome::Ok("installed".to_owned())),
        Err(why) => Ok(Outcome::Skipped(format!("{why}; the tests that need it are skipped without it"))),
    }
}

/// What libjpeg-turbo needs to be built, for the feature `turbo`.
pub(crate) fn libjpeg_turbo_tools() -> Result<(), String> {
    ["cmake", "nasm"].into_iter().filter(|tool| find(tool).is_none()).try_for_each(apt_install)
}

fn environment() -> PathBuf {
    files::root().join(".env")
}

fn python_in(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn has_wheel() -> bool {
    matches!((env::consts::OS, env::consts::ARCH), ("linux" | "windows", "x86_64" | "aarch64") | ("macos", "aarch64"))
}

/// The library in an environment that holds the right version.
fn installed(environment: &Path) -> Option<PathBuf> {
    let packages = if cfg!(windows) {
        environment.join("Lib/site-packages")
    } else {
        let versions = files::list(&environment.join("lib")).ok()?;
        versions.iter().find(|path| files::name(path).starts_with("python3"))?.join("site-packages")
    };
    if !packages.join(format!("onnxruntime-{ONNXRUNTIME}.dist-info")).is_dir() {
        return None;
    }
    // libonnxruntime.so.1.31.1, libonnxruntime.1.31.1.dylib or onnxruntime.dll, beside libonnxruntime_providers_….
    let is_library = |path: &PathBuf| {
        let name = files::name(path);
        name.starts_with("libonnxruntime.") || name == "onnxruntime.dll"
    };
    files::list(&packages.join("onnxruntime/capi")).ok()?.into_iter().find(is_library)
}
