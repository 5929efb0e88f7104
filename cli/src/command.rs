//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use packshot::{Code, Engine, EngineBuilder, Error, Result};

use crate::args::{self, Cli, Command, Global};
use crate::say::{self, Voice};
#[cfg(feature = "client")]
use crate::service;
use crate::{Host, doctor, exit, models, policy, recipe, tool};

/// Runs the command with the arguments that follow its name, and returns the exit code of the process.
///
/// `offered_ort_library` is an ONNX Runtime that the host has found, a file or a folder; one that the user names comes
/// first. The command reads and writes the standard streams of the process, and hears Ctrl-C itself: a host with a
/// handler of its own for SIGINT removes it before. Call it once in a process: what Ctrl-C has cancelled stays cancelled.
///
/// The host keeps ONNX Runtime from sending telemetry, with [`packshot::disable_ort_telemetry`].
pub fn run(host: Host, offered_ort_library: Option<PathBuf>, arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let words = std::iter::once(OsString::from("packshot")).chain(arguments);
    let code = match Cli::try_parse_from(args::joined(words)) {
        Ok(mut cli) => {
            cli.global.offered_ort_library = offered_ort_library;
            perform(&cli, host)
        }
        // Help and versions are answered this way, too. A reader that has left needs no answer.
        Err(answer) => {
            let _ = answer.print();
            if answer.use_stderr() { exit::USAGE } else { exit::DONE }
        }
    };
    // At the end of a program Rust does this; in Python and in Node nobody would.
    let _ = std::io::stdout().flush();
    code
}

fn perform(cli: &Cli, host: Host) -> u8 {
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
        Command::Run(args) => crate::run::run(args, &cli.global, voice),
        Command::Models(action) => models::run(action, &cli.global, voice),
        Command::Policy(action) => policy::run(action, voice),
        Command::Recipe(action) => recipe::run(action, voice),
        #[cfg(feature = "client")]
        Command::Login(args) => service::login(args, voice),
        #[cfg(feature = "client")]
        Command::Logout(args) => service::logout(args, voice),
        #[cfg(feature = "client")]
        Command::Account(args) => service::account(args, voice),
        #[cfg(feature = "client")]
        Command::Credits(args) => service::credits(args, voice),
        #[cfg(feature = "client")]
        Command::Hold(args) => service::hold(args, voice),
        #[cfg(feature = "client")]
        Command::Keys(args) => service::keys(args, voice),
        #[cfg(feature = "client")]
        Command::Assets(args) => service::assets(args, voice),
        #[cfg(feature = "client")]
        Command::Retention(args) => service::retention(args, voice),
        Command::Serve { .. } => Err(Error::new(
            Code::OptionInvalid,
            "there is no server here: the program `packshot` has it, with `serve` as its first word",
        )),
        Command::Doctor => doctor::run(&cli.global, host, voice),
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
    if say::reader_left() && code != exit::DONE { exit::READER_LEFT } else { code }
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

/// The engine that the general options describe.
pub(crate) fn engine(global: &Global) -> Result<Engine> {
    let mut builder = EngineBuilder::read(&global.options.0)?;
    if let Some(folder) = &global.cache {
        builder = builder.cache_dir(folder);
    }
    if let Some(library) = &global.ort_library {
        builder = builder.ort_library(library);
    }
    if let Some(library) = &global.offered_ort_library {
        builder = builder.offered_ort_library(library);
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
