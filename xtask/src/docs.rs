//! The documentation site, made from the pages of this repository by MkDocs: `docs/site`.

use std::fs;
use std::path::PathBuf;

use crate::command::{self, program};
use crate::files;
use crate::setup::python_with_pip;
use crate::steps::{Outcome, StepResult};

const REQUIREMENTS: &str = "docs/site/requirements.txt";

/// Builds the site, and follows all of its links.
pub(crate) fn build() -> StepResult {
    let python = environment()?;
    let site = files::target_folder()?.join("site");
    command::run(&mut program(&python, ["-m", "unittest", "discover", "--start-directory", "docs/site"]))?;
    let mut mkdocs = program(python, ["-m", "mkdocs", "build", "--quiet", "--config-file", "docs/site/mkdocs.yml"]);
    // The theme would print an advertisement of its successor.
    command::run(mkdocs.arg("--site-dir").arg(&site).env("NO_MKDOCS_2_WARNING", "1"))?;
    Ok(Outcome::Ok(site.join("index.html").display().to_string()))
}

/// The Python that has MkDocs and its theme, in the versions that the repository names.
pub(crate) fn environment() -> Result<PathBuf, String> {
    let folder = files::target_folder()?.join("docs-python");
    let wanted = fs::read(files::root().join(REQUIREMENTS)).map_err(|cause| format!("{REQUIREMENTS}: {cause}"))?;
    let installed = folder.join("installed.txt");
    let python = python_with_pip(&folder)?;
    if fs::read(&installed).ok().as_ref() != Some(&wanted) {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"];
        command::run(program(&python, pip).arg(REQUIREMENTS))?;
        fs::write(&installed, wanted).map_err(|cause| format!("cannot write {}: {cause}", installed.display()))?;
    }
    Ok(python)
}
