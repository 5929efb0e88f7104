//! The command line, which is that of the crate `packshot-cli`.

use std::ffi::OsString;
use std::path::PathBuf;

use packshot_cli::Host;
use pyo3::prelude::*;

/// Runs the command with these arguments, and returns the exit code; `packshot/__main__.py` is its only caller.
#[pyfunction]
pub(crate) fn run_command(py: Python<'_>, arguments: Vec<OsString>, offered_ort_library: Option<PathBuf>) -> u8 {
    py.detach(|| packshot_cli::run(Host::Python, offered_ort_library, arguments))
}
