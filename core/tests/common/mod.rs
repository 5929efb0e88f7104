//! What several test files share.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "each test file uses its own part, and ends where something fails"
)]

#[path = "../../src/test_data.rs"]
mod test_data;

use std::path::PathBuf;

pub(crate) use test_data::{outside, skipped};

/// The ONNX Runtime library for tests; prints why the test is skipped where there is none.
pub(crate) fn onnx_runtime() -> Option<PathBuf> {
    std::env::var_os("PACKSHOT_TEST_ORT").map(PathBuf::from).or_else(|| skipped("PACKSHOT_TEST_ORT is not set"))
}

/// Writes down that a passed test shows these concepts of the table in `bindings/README.md`.
pub(crate) fn shown(concepts: &[&str]) {
    let Some(path) = std::env::var_os("PACKSHOT_PARITY") else { return };
    let mut record = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    // One write, because other tests write too.
    std::io::Write::write_all(&mut record, format!("{}\n", concepts.join("\n")).as_bytes()).unwrap();
}

/// A file that is committed with the project.
pub(crate) fn committed(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
