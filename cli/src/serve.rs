//! `packshot serve`: only the program has it. The Python and the Node package bring the same command without a server.

use std::process::ExitCode;

use clap::Parser;

/// Run the hosted service: accounts, credits, and a privacy policy that it obeys
#[derive(Debug, Parser)]
#[command(name = "serve", bin_name = "packshot serve", version, max_term_width = 100)]
struct Serve {
    #[command(flatten)]
    args: packshot_server::command::Args,
}

pub(crate) fn run() -> ExitCode {
    packshot_server::command::run(Serve::parse_from(std::env::args_os().skip(1)).args)
}
