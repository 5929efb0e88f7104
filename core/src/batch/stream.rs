//! A file that grows while the batch runs and takes its name when it is whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::journal::UNFINISHED;
use crate::Result;
use crate::file::{io_error, rename_synced};

/// Written beside its place, under a name that the next batch writes over: killed ones leave no pile.
pub(super) struct Stream {
    target: PathBuf,
    unfinished: PathBuf,
    file: BufWriter<File>,
}

impl Stream {
    pub(super) fn begin(target: &Path) -> Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let unfinished = target.with_file_name(format!("{UNFINISHED}{name}"));
        let file = File::create(&unfinished).map_err(|cause| io_error(target, cause, "cannot write the file"))?;
        Ok(Self { target: target.to_owned(), unfinished, file: BufWriter::new(file) })
    }

    pub(super) fn write(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes()).map_err(|cause| io_error(&self.target, cause, "cannot write the file"))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> Result<()> {
        let flushed = self.file.flush().and_then(|()| self.file.get_ref().try_clone());
        let renamed = flushed.and_then(|file| rename_synced(file, &self.unfinished, &self.target));
        renamed.map_err(|cause| io_error(&self.target, cause, "cannot write the file"))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // There is none any more if it was finished.
        let _ = fs::remove_file(&self.unfinished);
    }
}
