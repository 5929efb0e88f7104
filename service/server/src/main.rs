//! `packshot-server`: the hosted service of Packshot, as a program of its own. `packshot serve` is the same.

use std::process::ExitCode;

use clap::Parser;

/// The hosted service of Packshot.
#[derive(Debug, Parser)]
#[command(name = "packshot-server", version, max_term_width = 100)]
struct Program {
    #[command(flatten)]
    args: packshot_server::command::Args,
}

fn main() -> ExitCode {
    packshot_server::command::run(Program::parse().args)
}
