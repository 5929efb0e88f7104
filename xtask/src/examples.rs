//! The example programs in Rust do what they say. Those of the other languages run with their suites.

use crate::command::{self, cargo};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult};

/// Runs all three on the example photos.
pub(crate) fn run() -> StepResult {
    let scratch = Scratch::new("examples")?;
    let root = files::root();
    let photo = root.join("examples/photos/rendered-mug.jpg");
    let example = |name: &str| {
        let mut command = cargo(["run", "-q", "-p", "packshot", "--example", name, "--manifest-path"]);
        command.arg(root.join("Cargo.toml")).arg("--").current_dir(scratch.path());
        command
    };
    command::run(example("cutout").arg(&photo).arg("mug.png"))?;
    command::run(example("folder").arg(root.join("examples/photos")).arg("out"))?;
    command::run(example("custom_model").arg(root.join("models/weights/packshot-matte-2.onnx")).arg(&photo))?;

    let mut pictures = files::list(&scratch.path().join("out"))?;
    let photos = files::example_photos()?.len();
    if pictures.len() != photos {
        return Err(format!("{photos} photos gave {} pictures", pictures.len()));
    }
    pictures.extend(["mug.png", "custom.png"].map(|name| scratch.path().join(name)));
    pictures.iter().try_for_each(|picture| png::check(picture))?;
    Ok(Outcome::Ok(format!("{} pictures", pictures.len())))
}
