//! The example programs in Rust, and those on the command line, do what they say. Those of the other languages run with their
//! suites.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use crate::build;
use crate::command::{self, program};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult, ok};

/// Runs all of them on the example photos; the folder twice, of which the second time has nothing left to do.
pub(crate) fn run() -> StepResult {
    let scratch = Scratch::new("examples")?;
    let root = files::root();
    let photo = root.join("examples/photos/rendered-mug.jpg");
    // Built with the tests: `cargo run` would choose other features for a package alone, and compile everything again.
    let example = |name: &str| -> Result<Command, String> {
        let mut command = program(build::program(&format!("examples/{name}"))?, []);
        command.current_dir(scratch.path());
        Ok(command)
    };
    command::run(example("cutout")?.arg(&photo).arg("mug.png"))?;
    for _ in 0..2 {
        command::run(example("folder")?.arg(root.join("examples/photos")).arg("out"))?;
    }
    command::run(example("upscale")?.arg(&photo).arg("large.png"))?;
    command::run(example("custom_model")?.arg(root.join("models/weights/packshot-matte-2.onnx")).arg(&photo))?;

    let mut pictures = files::list(&scratch.path().join("out"))?;
    pictures.retain(|path| files::has_extension(path, &["png"]));
    let photos = files::example_photos()?.len();
    if pictures.len() != photos {
        return Err(format!("{photos} photos gave {} pictures", pictures.len()));
    }
    pictures.extend(["mug.png", "large.png", "custom.png"].map(|name| scratch.path().join(name)));
    pictures.iter().try_for_each(|picture| png::check(picture))?;
    Ok(Outcome::Ok(format!("{} pictures", pictures.len())))
}

/// Runs the code that the site shows for Rust and for the command line.
pub(crate) fn guide() -> StepResult {
    let scratch = Scratch::new("guide")?;
    let photo = files::root().join("bindings/cases/photos/mug.jpg");
    for place in [scratch.path().join("shoe.jpg"), scratch.folder("photos")?.join("mug.jpg")] {
        fs::copy(&photo, &place).map_err(|cause| format!("cannot copy {}: {cause}", photo.display()))?;
    }
    command::run(program(build::program("examples/guide")?, []).current_dir(scratch.path()))?;
    if command::find("sh").is_none() {
        return Ok(Outcome::Ok("there is no sh for the command line".to_owned()));
    }
    let packshot = build::program("packshot")?.parent().map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(packshot.into_iter().chain(env::split_paths(&path)));
    let mut shell = program("sh", ["-eu"]);
    shell.arg(files::root().join("examples/command-line/guide.sh")).current_dir(scratch.path());
    command::run(shell.env("PATH", path.map_err(|cause| format!("the path of programs: {cause}"))?))?;
    ok()
}
