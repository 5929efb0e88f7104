//! The README's main command does what the README says.

use crate::command::{self, cargo};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult};

/// Cuts out the example photos: one whole PNG for each, and a contact sheet.
pub(crate) fn cut_out_examples() -> StepResult {
    let photos = files::example_photos()?;
    let scratch = Scratch::new("readme")?;
    let out = scratch.path().join("out");
    let words = ["run", "--release", "-p", "packshot-cli", "--", "cutout", "examples/photos", "--sheet", "-o"];
    command::run(cargo(words).arg(&out))?;

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
