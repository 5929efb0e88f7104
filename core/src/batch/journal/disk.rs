//! How much of the journal is synced to the disk.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Result;
use crate::file::io_error;
use crate::sync::lock;

/// A second handle of the journal's file, for syncing while others write.
pub(in crate::batch) struct Disk {
    file: File,
    path: PathBuf,
    written: AtomicU64,
    synced: Mutex<u64>,
}

impl Disk {
    pub(super) fn new(file: File, path: PathBuf) -> Self {
        Self { file, path, written: AtomicU64::new(0), synced: Mutex::new(0) }
    }

    /// Records that `length` bytes are written.
    pub(super) fn wrote(&self, length: u64) {
        self.written.store(length, Ordering::SeqCst);
    }

    /// Waits until the first `length` bytes are on the disk. Concurrent workers share one sync.
    pub(in crate::batch) fn reach(&self, length: u64) -> Result<()> {
        let mut synced = lock(&self.synced);
        if *synced < length {
            let written = self.written.load(Ordering::SeqCst);
            self.file
                .sync_data()
                .map_err(|cause| io_error(&self.path, cause, "cannot write the journal of the batch"))?;
            *synced = written;
        }
        Ok(())
    }
}
