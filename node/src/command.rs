//! The command line, which is that of the crate `packshot-cli`.

use std::ffi::OsString;
use std::path::PathBuf;

use napi_derive::napi;
use packshot_cli::Host;

/// Runs the command with these arguments, and returns the exit code. It blocks JavaScript, of which `lib/command.ts`, its
/// only caller, has no more to run.
#[napi(catch_unwind)]
pub fn run_command(arguments: Vec<String>, offered_ort_library: Option<String>) -> u32 {
    u32::from(packshot_cli::run(Host::Node, offered_ort_library.map(PathBuf::from), as_bytes(arguments)))
}

/// The arguments as the process got them: JavaScript's texts have lost names of files that are not Unicode.
fn as_bytes(arguments: Vec<String>) -> Vec<OsString> {
    let own: Vec<_> = std::env::args_os().collect();
    let own = own.len().checked_sub(arguments.len()).map_or(&[][..], |options| &own[options..]);
    let is_same = own.iter().map(|argument| argument.to_string_lossy()).eq(arguments.iter().map(String::as_str));
    if is_same { own.to_vec() } else { arguments.into_iter().map(OsString::from).collect() }
}
