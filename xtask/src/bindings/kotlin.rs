//! The Kotlin library.

use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Places, missing};
use crate::build;
use crate::command::{self, answer, apt_install, cargo, find, program};
use crate::files::{self, Scratch};
use crate::soak::png;
use crate::steps::{Outcome, StepResult, Steps, ok};

/// The oldest Java that the build runs on.
const JAVA: u32 = 17;

/// The steps of `cargo xtask test kotlin`.
pub(super) fn run(steps: &mut Steps, places: &Places) {
    let mut ready = false;
    steps.run("kotlin: Java and Maven", || {
        let (result, there) = tools();
        ready = there;
        result
    });
    if !ready {
        return;
    }
    if !steps.run("kotlin: page size of native libraries", page_sizes)
        | !steps.run("kotlin: native library", native_library)
    {
        return;
    }
    if steps.run("kotlin: tests and packages", || packages(places)) {
        steps.run("kotlin: examples, from a fresh project", examples);
    }
}

/// The steps of `cargo xtask soak bindings` for Kotlin.
pub(super) fn soak(steps: &mut Steps, places: &Places) {
    if steps.run("kotlin: native library", native_library) {
        steps.run("kotlin: memory", || {
            let mut command = maven(&folder())?;
            let words = ["test", "-Dtest=MemoryTest", "-Dsurefire.failIfNoSpecifiedTests=false"];
            command.args(words).arg(format!("-Dpackshot.platform={}", platform()));
            command.env("PACKSHOT_SOAK_CALLS", super::SOAK_CALLS);
            command::run(places.give(&mut command, "kotlin"))?;
            ok()
        });
    }
}

fn folder() -> PathBuf {
    files::root().join("bindings/kotlin")
}

/// The second value says whether the rest makes sense.
fn tools() -> (StepResult, bool) {
    for (tool, package) in [("java", "default-jdk-headless"), ("mvn", "maven")] {
        if find(tool).is_none()
            && let Err(why) = apt_install(package)
        {
            return (missing(why), false);
        }
    }
    match java_version() {
        Some(version) if version >= JAVA => (Ok(Outcome::Ok(format!("Java {version}"))), true),
        found => (missing(format!("Java {JAVA} or later is needed; found {found:?}")), false),
    }
}

/// 17 of `openjdk 17.0.15 2025-04-15`.
fn java_version() -> Option<u32> {
    let text = answer(&mut program("java", ["--version"]))?;
    text.split_whitespace().nth(1)?.split(['.', '-', '+']).next()?.parse().ok()
}

/// Java and Maven, and the plugins and libraries of the build, as far as Maven can tell them before there is anything to
/// build: the build itself fetches the rest.
pub(super) fn setup() -> StepResult {
    let (result, there) = tools();
    if there {
        command::run(maven(&folder())?.args(["dependency:go-offline", "--projects", "library"]))?;
    }
    result
}

/// The library for tests, where Maven looks for it.
fn native_library() -> StepResult {
    build::bindings()?;
    package("debug")
}

/// Builds the library as it is released, and in `project` the bench's side in Kotlin, which takes it from a repository as a
/// user's project would.
pub(crate) fn install_release(project: &Path) -> Result<(), String> {
    let (Ok(_), true) = tools() else { return Err(format!("Java {JAVA} and Maven are needed")) };
    command::run(&mut cargo(["build", "-p", "packshot-mobile", "--release"]))?;
    build::generators()?;
    package("release")?;
    command::run(
        maven(&folder())?.args(["install", "-Dmaven.test.skip"]).arg(format!("-Dpackshot.platform={}", platform())),
    )?;
    let (from, sources) = (files::root().join("bench/peers/kotlin"), "src/main/kotlin");
    fs::create_dir_all(project.join(sources)).map_err(|cause| format!("cannot create {sources}: {cause}"))?;
    for path in ["pom.xml", "src/main/kotlin/WithPackshot.kt"] {
        copy(&from.join(path), &project.join(path))?;
    }
    command::run(maven(project)?.arg("process-classes"))
}

/// The native library of this profile and the sources that are generated from it, where Maven looks for them.
fn package(profile: &str) -> StepResult {
    let library = build::library("packshot_mobile", profile)?;
    let (generated, natives) = (folder().join("target/generated"), folder().join("target/natives").join(platform()));
    for folder in [&generated, &natives] {
        fs::create_dir_all(folder).map_err(|cause| format!("cannot create {}: {cause}", folder.display()))?;
    }
    let library_there = natives.join(files::name(&library));
    copy(&library, &library_there)?;
    let bindgen = build::program("uniffi-bindgen")?;
    let generate = ["generate", "--language", "kotlin", "--no-format", "--out-dir"];
    command::run(program(bindgen, generate).arg(&generated).arg(&library_there))?;
    // The generator reads the symbols; nobody after it does, and they are three quarters of the file.
    if find("strip").is_some() {
        let words: &[&str] = if cfg!(target_os = "macos") { &["-x"] } else { &["--strip-unneeded"] };
        command::run(program("strip", []).args(words).arg(&library_there))?;
    }
    ok()
}

/// The folder where JNA looks for the libraries of this platform.
fn platform() -> String {
    let system = match consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = if consts::ARCH == "x86_64" { "x86-64" } else { consts::ARCH };
    format!("{system}-{machine}")
}

/// Maven in `folder`. What it downloads and installs stays in the target folder, away from the user's own repository.
fn maven(folder: &Path) -> Result<Command, String> {
    let mut command = program(if cfg!(windows) { "mvn.cmd" } else { "mvn" }, ["-B", "-q"]);
    command.current_dir(folder).arg(format!("-Dmaven.repo.local={}", repository()?.display()));
    Ok(command)
}

fn repository() -> Result<PathBuf, String> {
    Ok(files::target_folder()?.join("maven"))
}

/// Runs the suite, then packs and installs the library.
fn packages(places: &Places) -> StepResult {
    let mut command = maven(&folder())?;
    command.arg("install").arg(format!("-Dpackshot.platform={}", platform()));
    command::run(places.give(&mut command, "kotlin"))?;
    ok()
}

/// A project outside of this checkout that takes Packshot from a repository, as a user's would.
fn examples() -> StepResult {
    let scratch = Scratch::new("kotlin")?;
    let project = scratch.path();
    let from = files::root().join("examples/kotlin");
    copy(&from.join("pom.xml"), &project.join("pom.xml"))?;
    let sources = "src/main/kotlin/packshot/examples";
    fs::create_dir_all(project.join(sources)).map_err(|cause| format!("cannot create {sources}: {cause}"))?;
    for source in files::list(&from.join(sources))? {
        copy(&source, &project.join(sources).join(files::name(&source)))?;
    }
    command::run(maven(project)?.arg("process-classes"))?;

    let photos = files::root().join("examples/photos");
    let mug = photos.join("rendered-mug.jpg");
    let out = scratch.folder("out")?;
    let one = scratch.path().join("one.png");
    command::run(java(project, "CutOutKt").arg(&mug).arg(&one))?;
    command::run(java(project, "FolderKt").arg(&photos).arg(&out).args(["--stop-after", "2"]))?;
    let stopped = files::photos(&out)?.len();
    command::run(java(project, "FolderKt").arg(&photos).arg(&out))?;
    let large = scratch.path().join("large.png");
    command::run(java(project, "UpscaleKt").arg(photos.join("coffee.jpg")).arg(&large).arg("1.5"))?;
    let model = files::root().join("models/weights/packshot-matte-2.onnx");
    let like = scratch.path().join("like.png");
    command::run(java(project, "CustomModelKt").arg(model).arg("packshot-matte-2").arg(&mug).arg(&like))?;

    let (mut pictures, all) = (files::photos(&out)?, files::example_photos()?.len());
    if stopped < 2 || pictures.len() != all {
        return Err(format!("{stopped} pictures after the stop, {} of {all} at the end", pictures.len()));
    }
    pictures.extend([one, large, like]);
    pictures.iter().try_for_each(|picture| png::check(picture))?;
    Ok(Outcome::Ok(format!("{} pictures", pictures.len())))
}

fn java(project: &Path, class: &str) -> Command {
    let separator = if cfg!(windows) { ';' } else { ':' };
    let mut command = program("java", ["-cp"]);
    command.arg(format!("target/classes{separator}target/dependency/*"));
    command.arg(format!("packshot.examples.{class}")).current_dir(project);
    command
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|cause| format!("cannot copy {}: {cause}", from.display()))
}

/// The check of the Android build works: it accepts a library for 16 KB pages and refuses one for 4 KB pages.
fn page_sizes() -> StepResult {
    if ["bash", "cc", "readelf"].iter().any(|tool| find(tool).is_none()) || !cfg!(target_os = "linux") {
        return Ok(Outcome::Skipped("it needs Linux with bash, cc and readelf".to_owned()));
    }
    let scratch = Scratch::new("pages")?;
    let script = folder().join("scripts/check-page-size.sh");
    let source = scratch.path().join("empty.c");
    fs::write(&source, "int empty;\n").map_err(|cause| format!("cannot write {}: {cause}", source.display()))?;
    for (size, wanted) in [("16384", true), ("4096", false)] {
        let library = scratch.folder(size)?.join("libempty.so");
        let link = ["-shared", "-fPIC", "-o"];
        command::run(program("cc", link).arg(&library).arg(&source).arg(format!("-Wl,-z,max-page-size={size}")))?;
        if answer(program("bash", []).arg(&script).arg(&library)).is_some() != wanted {
            return Err(format!("a library for pages of {size} bytes was judged wrongly"));
        }
    }
    ok()
}
