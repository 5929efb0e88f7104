//! Data of tests that is not in the repository. The tests beside this folder include this file, so that there is one way.

use std::io::Write;
use std::path::PathBuf;

/// A file or folder of `PACKSHOT_TEST_DATA`. Where there is no such folder, a test is skipped; in CI, what the folder lacks
/// is a failure: the test was promised.
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

/// Says why the test of this thread is skipped, and writes it down for whoever counts.
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
