//! A file that is written while the batch runs, and gets its name when it is complete.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use packshot_api::Existing;

use super::own::UNFINISHED;
use crate::error::{Code, Error, Result};
use crate::file::{io_error, rename_synced};

/// Written to a temporary name beside the target, which the next batch overwrites, so that killed batches leave at most
/// one. Pipes and devices are written to directly.
pub(super) struct Stream {
    target: PathBuf,
    unfinished: Option<PathBuf>,
    file: BufWriter<File>,
}

impl Stream {
    /// Begins a file. An existing file that does not begin with `mark`, as those of batches do, is kept unless
    /// `existing` is `Replace`.
    ///
    /// # Errors
    /// [`Code::FileExists`], [`Code::FileUnwritable`].
    pub(super) fn begin(target: &Path, existing: Existing, mark: &str) -> Result<Self> {
        let unwritable = |cause| io_error(target, cause, "cannot write the file");
        // A link stays a link.
        let place = target.canonicalize().unwrap_or_else(|_| target.to_owned());
        let metadata = place.metadata().ok();
        if metadata.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let file = File::options().write(true).open(&place).map_err(unwritable)?;
            return Ok(Self { target: place, unfinished: None, file: BufWriter::new(file) });
        }
        if metadata.is_some() && existing != Existing::Replace && !begins_with(&place, mark).map_err(unwritable)? {
            return Err(Error::new(Code::FileExists, "a file that no batch wrote already exists").at(target));
        }
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let unfinished = place.with_file_name(format!("{UNFINISHED}{name}"));
        // Not through a link of that name.
        let _ = fs::remove_file(&unfinished);
        let file = File::create_new(&unfinished).map_err(unwritable)?;
        Ok(Self { target: place, unfinished: Some(unfinished), file: BufWriter::new(file) })
    }

    pub(super) fn write(&mut self, text: &str) -> Result<()> {
        self.file.write_all(text.as_bytes()).map_err(|cause| io_error(&self.target, cause, "cannot write the file"))
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> Result<()> {
        let flushed = self.file.flush().and_then(|()| self.file.get_ref().try_clone());
        let renamed = flushed.and_then(|file| match &self.unfinished {
            Some(unfinished) => rename_synced(file, unfinished, &self.target),
            None => Ok(()),
        });
        renamed.map_err(|cause| io_error(&self.target, cause, "cannot write the file"))
    }
}

/// Whether the file is empty or begins with `mark`.
fn begins_with(path: &Path, mark: &str) -> std::io::Result<bool> {
    let mut start = Vec::with_capacity(mark.len());
    File::open(path)?.take(mark.len() as u64).read_to_end(&mut start)?;
    Ok(start.is_empty() || start == mark.as_bytes())
}

impl Drop for Stream {
    fn drop(&mut self) {
        // It does not exist any more if it was finished.
        if let Some(unfinished) = &self.unfinished {
            let _ = fs::remove_file(unfinished);
        }
    }
}
