//! The Swift package.

mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Places;
use crate::build;
use crate::command::{self, cargo, program};
use crate::files::{self, Scratch};
use crate::setup;
use crate::soak::png;
use crate::steps::{Outcome, StepResult, Steps, ok};
use toolchain::Toolchain;

/// A compiler for Swift.
pub(super) fn setup() -> StepResult {
    toolchain::find_or_make().map(|(_, outcome)| outcome)
}

/// The steps of `cargo xtask test swift`.
pub(super) fn run(steps: &mut Steps, places: &Places) {
    let mut found = None;
    steps.run("Swift: toolchain", || {
        let (toolchain, outcome) = toolchain::find_or_make()?;
        found = toolchain;
        Ok(outcome)
    });
    let Some(toolchain) = found else { return };
    steps.run("Swift: formatting", || formatting(&toolchain));
    let mut library = None;
    steps.run("Swift: library and sources", || {
        library = Some(build_library()?);
        ok()
    });
    let Some(library) = library else { return };
    steps.run("Swift: suite", || suite(&toolchain, &library, places, |_| ()));
    steps.run("Swift: examples", || examples(&toolchain, &library));
}

/// The steps of `cargo xtask soak bindings` for Swift.
pub(super) fn soak(steps: &mut Steps, places: &Places) {
    steps.run("Swift: memory", || {
        let (Some(toolchain), _) = toolchain::find_or_make()? else { return Err("there is no Swift".to_owned()) };
        let library = build_library()?;
        suite(&toolchain, &library, places, |command| {
            command.args(["--filter", "MemoryTests"]).env("PACKSHOT_SOAK_CALLS", super::SOAK_CALLS);
        })
    });
}

/// Builds the library as it is released and the bench's side in Swift, and writes a script that starts it.
pub(crate) fn build_release(script: &Path) -> Result<(), String> {
    let (Some(toolchain), _) = toolchain::find_or_make()? else { return Err("there is no Swift".to_owned()) };
    command::run(&mut cargo(["build", "-p", "packshot-mobile", "--release"]))?;
    build::generators()?;
    let library = with_sources("release")?;
    let built = files::target_folder()?.join("swift/bench");
    let mut command = toolchain.command("swift", &[])?;
    command.args(["build", "-c", "release", "--package-path"]).arg(files::root().join("bench/peers/swift-side"));
    link(command.arg("--scratch-path").arg(&built), &library);
    command::run(&mut command)?;
    let start = toolchain.command(built.join("release/WithPackshot"), &[])?;
    let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"));
    let words: Vec<_> = std::iter::once(start.get_program()).chain(start.get_args()).map(quoted).collect();
    let text = format!("exec {} \"$@\"\n", words.join(" "));
    fs::write(script, text).map_err(|cause| format!("cannot write {}: {cause}", script.display()))
}

fn formatting(toolchain: &Toolchain) -> StepResult {
    let sources = ["Package.swift", "Sources/Packshot", "Tests"].map(|path| files::root().join("swift").join(path));
    let mut command = toolchain.command("swift", &[])?;
    command.args(["format", "lint", "--strict", "--recursive"]).args(sources);
    command::run(command.arg(files::root().join("examples/swift/programs")))?;
    ok()
}

/// The library for tests.
fn build_library() -> Result<PathBuf, String> {
    build::bindings()?;
    with_sources("debug")
}

/// Writes the sources of the library of this profile. Returns the library's folder, one of its own: the next build would
/// replace it.
fn with_sources(profile: &str) -> Result<PathBuf, String> {
    let (built, folder) = (build::library("packshot_mobile", profile)?, files::target_folder()?.join("swift/lib"));
    let library = folder.join(files::name(&built));
    let copied = fs::create_dir_all(&folder).and_then(|()| fs::copy(&built, &library));
    copied.map_err(|cause| format!("cannot copy {} to {}: {cause}", built.display(), folder.display()))?;
    let mut generate = program("sh", ["swift/scripts/generate-sources.sh"]);
    command::run(generate.arg(library).env("PACKSHOT_BINDGEN", build::program("uniffi-bindgen-swift")?))?;
    Ok(folder)
}

fn suite(toolchain: &Toolchain, library: &Path, places: &Places, also: impl FnOnce(&mut Command)) -> StepResult {
    // As it is without links, which may lead out of what the toolchain sees.
    let onnxruntime = setup::onnxruntime().and_then(|path| path.canonicalize().ok());
    let folders: Vec<_> = onnxruntime.iter().filter_map(|path| path.parent()).map(Path::to_path_buf).collect();
    let mut command = toolchain.command("swift", &folders)?;
    command.args(["test", "--package-path"]).arg(files::root().join("swift"));
    link(command.arg("--scratch-path").arg(files::target_folder()?.join("swift/suite")), library);
    places.give(&mut command, "swift");
    if let Some(path) = onnxruntime {
        command.env("PACKSHOT_TEST_ORT", path);
    }
    also(&mut command);
    command::run(&mut command)?;
    ok()
}

fn examples(toolchain: &Toolchain, library: &Path) -> StepResult {
    let (root, built) = (files::root(), files::target_folder()?.join("swift/examples"));
    let mut command = toolchain.command("swift", &[])?;
    command.args(["build", "--package-path"]).arg(root.join("examples/swift/programs"));
    link(command.arg("--scratch-path").arg(&built), library);
    command::run(&mut command)?;

    let scratch = Scratch::new("swift-examples")?;
    let result = |name: &str| scratch.path().join(name);
    let photo = root.join("examples/photos/rendered-mug.jpg");
    let example = |name: &str, words: &[&Path]| {
        let mut command = toolchain.command(built.join("debug").join(name), &[scratch.path().to_owned()])?;
        command::run(command.args(words))
    };
    example("CutOut", &[&photo, &result("mug.png")])?;
    example("Folder", &[&root.join("examples/photos"), &result("all"), Path::new("1")])?;
    let stopped = files::photos(&result("all"))?.len();
    example("Folder", &[&root.join("examples/photos"), &result("all")])?;
    let (coffee, large) = (root.join("examples/photos/coffee.jpg"), result("large.png"));
    example("Enlarge", &[&coffee, &large, Path::new("1.5")])?;
    example("CustomModel", &[&root.join("models/weights/packshot-matte-2.onnx"), &photo, &result("custom.png")])?;

    let (mut pictures, photos) = (files::photos(&result("all"))?, files::example_photos()?.len());
    if stopped < 1 || pictures.len() != photos {
        return Err(format!("{stopped} pictures after the stop, {} of {photos} at the end", pictures.len()));
    }
    pictures.extend([result("mug.png"), large, result("custom.png")]);
    pictures.iter().try_for_each(|picture| png::check(picture))?;
    Ok(Outcome::Ok(format!("{} pictures", pictures.len())))
}

fn link(command: &mut Command, library: &Path) {
    let library = library.display();
    command.args(["-Xlinker", &format!("-L{library}"), "-Xlinker", "-rpath", "-Xlinker", &library.to_string()]);
}
