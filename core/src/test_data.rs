//! Test data that is not in the repository. The integration tests include this file too.

use std::io::Write;
use std::path::PathBuf;

/// A file or folder of `PACKSHOT_TEST_DATA`. Without it a test is skipped; in CI, a missing file is a failure.
pub(crate) fn outside(path: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("PACKSHOT_TEST_DATA") else { return skipped("PACKSHOT_TEST_DATA is not set") };
    let found = PathBuf::from(root).join(path);
    if found.exists() {
        return Some(found);
    }
    let lack = format!("PACKSHOT_TEST_DATA has no {path}");
    assert!(std::env::var_os("CI").is_none(), "{lack}");
    skipped(&lack)
}

/// Prints why the test of this thread is skipped, and records it for the summary.
pub(crate) fn skipped<T>(why: &str) -> Option<T> {
    eprintln!("skipped: {why}");
    if let Some(record) = std::env::var_os("PACKSHOT_SKIPPED") {
        let thread = std::thread::current();
        let line = format!("{}: {why}\n", thread.name().unwrap_or("a test"));
        let file = std::fs::OpenOptions::new().append(true).create(true).open(record);
        // One write, because other tests write too.
        file.and_then(|mut file| file.write_all(line.as_bytes())).unwrap();
    }
    None
}
