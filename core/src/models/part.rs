//! A partially downloaded file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::checksum::{Checksum, Hashing};
use crate::error::{Code, Error, Result};
use crate::file::rename_synced;
use crate::run::CancelToken;

/// The downloaded bytes of a file, on disk and in its hash. They survive the process.
pub(super) struct Part {
    path: PathBuf,
    file: File,
    hashing: Hashing,
    published: Checksum,
    len: u64,
}

impl Part {
    /// Opens the partial file at `path`, and hashes what an earlier download left there.
    pub(super) fn open(path: PathBuf, published: Checksum, cancel: &CancelToken) -> Result<Self> {
        let refuse = |cause| unwritable(&path, cause);
        let options = File::options().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = options.map_err(refuse)?;
        let mut left = file.metadata().map_err(refuse)?.len();
        let mut hashing = Hashing::like(published);
        let mut len = 0;
        while left > 0 {
            cancel.check()?;
            let block = left.min(1 << 24);
            len += io::copy(&mut (&mut file).take(block), &mut hashing).map_err(refuse)?;
            left -= block;
        }
        Ok(Self { path, file, hashing, published, len })
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        if let Err(cause) = self.file.write_all(bytes) {
            if !matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                return Err(unwritable(&self.path, cause));
            }
            // The user, who has to free some space, should not have to find this file too.
            self.discard();
            return Err(Error::new(Code::DiskFull, "the disk is full").at(&self.path).because(cause));
        }
        self.hashing.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Discards all bytes and starts again.
    pub(super) fn restart(&mut self) -> Result<()> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|cause| unwritable(&self.path, cause))?;
        self.hashing = Hashing::like(self.published);
        self.len = 0;
        Ok(())
    }

    /// Whether the bytes so far are the published file.
    pub(super) fn is_whole(&self) -> bool {
        self.hashing.checksum() == self.published
    }

    /// The hash of the bytes so far.
    pub(super) fn checksum(&self) -> Checksum {
        self.hashing.checksum()
    }

    /// Renames the file to its final name. It is synced first, so that a power cut cannot leave an empty file.
    pub(super) fn finish(self, whole: &Path) -> Result<()> {
        rename_synced(self.file, &self.path, whole).map_err(|cause| unwritable(whole, cause))
    }

    /// Deletes the partial file; on failure it is only found again.
    pub(super) fn discard(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn unwritable(path: &Path, cause: io::Error) -> Error {
    Error::new(Code::FileUnwritable, "cannot write the download").at(path).because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_continues_where_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let published = Checksum::md5("900150983cd24fb0d6963f7d28e17f72").unwrap();
        let path = folder.path().join("m.part");
        let open = || Part::open(path.clone(), published, &CancelToken::new()).unwrap();
        open().append(b"ab").unwrap();
        let mut part = open();
        assert_eq!(part.len(), 2);
        part.append(b"c").unwrap();
        assert!(part.is_whole());
        part.restart().unwrap();
        assert!(part.len() == 0 && !part.is_whole());
        part.append(b"abc").unwrap();
        part.finish(&folder.path().join("m")).unwrap();
        assert_eq!(std::fs::read(folder.path().join("m")).unwrap(), b"abc");
        assert!(!path.exists());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_said_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.part");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let published = Checksum::md5("900150983cd24fb0d6963f7d28e17f72").unwrap();
        let mut part = Part::open(path.clone(), published, &CancelToken::new()).unwrap();
        assert_eq!(part.append(b"abc").unwrap_err().code(), Code::DiskFull);
        assert!(path.symlink_metadata().is_err());
    }
}
