//! The `packshot` command.

#![warn(clippy::print_stdout, clippy::print_stderr, reason = "they panic when the reader is gone; `Voice` does not")]

mod args;
mod batch;
mod doctor;
mod flags;
mod forms;
mod models;
mod policy;
mod recipe;
mod run;
mod say;
mod tool;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use packshot::{Code, Engine, EngineBuilder, Error, Result};

use args::{Cli, Command, Global};
use say::Voice;

/// Documented in `packshot --help`.
mod exit {
    pub(crate) const DONE: u8 = 0;
    pub(crate) const SOME_FAILED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const NOTHING_DONE: u8 = 3;
    pub(crate) const INTERRUPTED: u8 = 130;
    /// The exit code of programs that were ended by SIGPIPE, as shells show it.
    pub(crate) const READER_LEFT: u8 = 141;
}

fn main() -> ExitCode {
    silence_onnx_runtime();
    let cli = Cli::parse_from(args::joined(std::env::args_os()));
    let stdout_taken = match &cli.command {
        Command::Cutout(cutout) => cutout.photos.output.as_os_str() == "-",
        Command::Upscale(upscale) => upscale.photos.output.as_os_str() == "-",
        Command::Crop(crop) => crop.photos.output.as_os_str() == "-",
        Command::Run(run) => run.output.as_ref().is_some_and(|output| output.as_os_str() == "-"),
        _ => false,
    };
    let voice = Voice { json: cli.global.json, quiet: cli.global.quiet, stdout_taken };
    let outcome = match &cli.command {
        Command::Cutout(args) => tool::cutout(args, &cli.global, voice),
        Command::Upscale(args) => tool::upscale(args, &cli.global, voice),
        Command::Crop(args) => tool::crop(args, &cli.global, voice),
        Command::Run(args) => run::run(args, &cli.global, voice),
        Command::Models(action) => models::run(action, &cli.global, voice),
        Command::Policy(action) => policy::run(action, voice),
        Command::Recipe(action) => recipe::run(action, voice),
        Command::Doctor => doctor::run(&cli.global, voice),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "packshot", &mut script);
            voice.bytes(&script).map(|()| exit::DONE)
        }
        Command::Man => manual(voice),
    };
    let code = outcome.unwrap_or_else(|error| {
        if !say::reader_left() {
            voice.error(&error);
        }
        exit_code(&error)
    });
    ExitCode::from(if say::reader_left() && code != exit::DONE { exit::READER_LEFT } else { code })
}

/// A wrong option is wrong usage, even if it is only found when a file is opened.
fn exit_code(error: &Error) -> u8 {
    match error.code() {
        Code::Cancelled => exit::INTERRUPTED,
        Code::OptionInvalid | Code::RecipeInvalid => exit::USAGE,
        _ if error.context().any(|(key, _)| key == "option") => exit::USAGE,
        _ => exit::NOTHING_DONE,
    }
}

/// Neither photos nor telemetry leave this machine.
#[allow(unsafe_code, reason = "the environment is changed before any other thread exists")]
fn silence_onnx_runtime() {
    // SAFETY: this is the first statement of `main`; no other thread runs yet.
    unsafe { packshot::disable_ort_telemetry() };
}

/// The engine that the general options describe.
fn engine(global: &Global) -> Result<Engine> {
    let mut builder = EngineBuilder::read(&global.options.0)?;
    if let Some(folder) = &global.cache {
        builder = builder.cache_dir(folder);
    }
    if let Some(library) = &global.ort_library {
        builder = builder.ort_library(library);
    }
    builder.build()
}

fn manual(voice: Voice) -> Result<u8> {
    let mut page = Vec::new();
    let command = Cli::command();
    let broken = |cause| Error::new(Code::Internal, "cannot write the manual page").because(cause);
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(broken)?;
    for part in command.get_subcommands() {
        let name = format!("packshot-{}", part.get_name());
        let part = part.clone().name(clap::builder::Str::from(name));
        clap_mangen::Man::new(part).render(&mut page).map_err(broken)?;
    }
    voice.bytes(&page).map(|()| exit::DONE)
}
