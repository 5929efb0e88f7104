//! The README's main command does what the README says. It runs as it was built for the tests: the words are the same, and a
//! release build, which shares nothing with them, would double the time of CI.

use std::fs;

use crate::build;
use crate::command::{self, program};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult};

/// How the command begins; the words for `packshot` follow.
const COMMAND: &str = "cargo run --release -p packshot-cli -- ";

/// Cuts out the example photos: one whole PNG for each, and a contact sheet.
pub(crate) fn cut_out_examples() -> StepResult {
    let photos = files::example_photos()?;
    let scratch = Scratch::new("readme")?;
    let out = scratch.path().join("out");
    let readme = fs::read_to_string(files::root().join("README.md")).map_err(|cause| format!("README.md: {cause}"))?;
    let words = readme.lines().find_map(|line| line.strip_prefix(COMMAND)).ok_or("README.md has no main command")?;
    // Into a folder that goes away again.
    let words = words.split_whitespace().map(|word| if word == "out" { out.as_os_str() } else { word.as_ref() });
    command::run(program(build::program("packshot")?, []).args(words))?;

    let mut cutouts = files::list(&out)?;
    cutouts.retain(|path| files::has_extension(path, &["png"]));
    if cutouts.len() != photos.len() {
        return Err(format!("{} photos gave {} PNG files", photos.len(), cutouts.len()));
    }
    for cutout in &cutouts {
        png::check(cutout)?;
    }
    if !out.join("sheet.html").is_file() {
        return Err("there is no sheet.html".to_owned());
    }
    Ok(Outcome::Ok(format!("{} cut-outs and a sheet", cutouts.len())))
}
