//! The service's API, checked by programs that others wrote.

use std::fs;

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
    steps.run("api: schemathesis, as two people", schemathesis);
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

fn schemathesis() -> StepResult {
    command::run(&mut cargo(["build", "-p", "packshot-server"]))?;
    let python = python_with_pip(&files::target_folder()?.join("api-python"))?;
    let requirements = format!("{CHECKS}/requirements.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    command::run(program(&python, pip).arg(requirements))?;
    let server = files::target_folder()?.join("debug/packshot-server");
    let script = format!("{CHECKS}/api.py");
    command::run(program(python, [&*script]).arg(server).arg(EXAMPLES))?;
    Ok(Outcome::Ok(format!("{EXAMPLES} examples an operation")))
}
