//! What several test files share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its own part, and ends where something fails")]

use std::path::PathBuf;

/// A file of the outside test data; prints why the test is skipped where there is none.
pub(crate) fn outside(path: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("PACKSHOT_TEST_DATA") else {
        eprintln!("skipped: PACKSHOT_TEST_DATA is not set");
        return None;
    };
    let path = PathBuf::from(root).join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} does not exist", path.display());
    None
}

/// The ONNX Runtime library for tests; prints why the test is skipped where there is none.
pub(crate) fn onnx_runtime() -> Option<PathBuf> {
    let library = std::env::var_os("PACKSHOT_TEST_ORT").map(PathBuf::from);
    if library.is_none() {
        eprintln!("skipped: PACKSHOT_TEST_ORT is not set");
    }
    library
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
