//! The journals that this process has open, with the cancel token of each batch.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

use crate::run::CancelToken;
use crate::sync::lock;

/// Numbered by opening: the next batch may be listed before the last one is removed.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, (u64, CancelToken)>>> = LazyLock::new(Mutex::default);

/// An open journal, until it is dropped.
pub(super) struct Open {
    path: PathBuf,
    number: u64,
}

impl Open {
    /// Registers the journal at `path` for a batch that ends when `cancel` is cancelled.
    pub(super) fn note(path: &Path, cancel: &CancelToken) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (path, number) = (key(path), NEXT.fetch_add(1, Ordering::Relaxed));
        lock(&OPEN).insert(path.clone(), (number, cancel.clone()));
        Self { path, number }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = lock(&OPEN);
        if open.get(&self.path).is_some_and(|(number, _)| *number == self.number) {
            open.remove(&self.path);
        }
    }
}

/// Whether a batch of this process holds the journal, was cancelled, and is still closing its files.
pub(super) fn is_shutting_down(path: &Path) -> bool {
    lock(&OPEN).get(&key(path)).is_some_and(|(_, cancel)| cancel.is_cancelled())
}

fn key(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
