//! Cached hashes of files. A hash is reused as long as its file's metadata is unchanged.

use std::collections::HashMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use super::checksum::Checksum;
use super::weights::external_files;
use crate::error::{Code, Error, Result};
use crate::file;
use crate::sync::lock;

/// A recently changed file could change again within the same timestamp, as those of file systems are coarse (FAT: two
/// seconds). Only hashes of older files are cached.
const SETTLED: Duration = Duration::from_secs(3);

/// Most cached files; programs have a handful of models.
const MOST_FILES: usize = 1000;

/// A model with external weights has only some thousand bytes itself; larger files are not searched for references.
const MOST_BYTES: u64 = 1 << 30;

/// The hashes of files.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    hashes: HashMap<(PathBuf, Kind), (Stamp, Checksum)>,
    /// Names of the files beside a model, by the model's hash.
    beside: HashMap<Checksum, Vec<String>>,
}

type Kind = std::mem::Discriminant<Checksum>;

/// Metadata that distinguishes a file from another at the same path, and from itself before it was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and seconds and nanoseconds of the last status change.
    identity: [i64; 4],
}

impl Stamp {
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        let identity = identity(&metadata);
        Ok(Self { bytes: metadata.len(), modified: metadata.modified().ok(), identity })
    }

    fn is_settled(&self) -> bool {
        let old = |time: SystemTime| time.elapsed().is_ok_and(|age| age > SETTLED);
        let changed =
            u64::try_from(self.identity[2]).map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        self.modified.is_some_and(old) && changed.is_ok_and(old)
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> [i64; 4] {
    use std::os::unix::fs::MetadataExt;
    [metadata.dev().cast_signed(), metadata.ino().cast_signed(), metadata.ctime(), metadata.ctime_nsec()]
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> [i64; 4] {
    [0; 4]
}

impl Fingerprints {
    /// The hash of the file at `path`, of the same kind as `like`.
    pub(crate) fn of(&self, path: &Path, like: Checksum) -> io::Result<Checksum> {
        let key = (path.to_owned(), std::mem::discriminant(&like));
        let stamp = Stamp::of(path)?;
        if let Some((known, hash)) = lock(&self.0).hashes.get(&key)
            && *known == stamp
        {
            return Ok(*hash);
        }
        let hash = like.of_file(path)?;
        if stamp.is_settled() && Stamp::of(path)? == stamp {
            let mut known = lock(&self.0);
            if known.hashes.len() >= MOST_FILES {
                *known = Known::default();
            }
            known.hashes.insert(key, (stamp, hash));
        }
        Ok(hash)
    }

    /// Everything that determines the output of the ONNX file at `path`: its hash, and those of its external weight
    /// files.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`].
    pub(crate) fn of_model(&self, path: &Path) -> Result<Vec<Checksum>> {
        let hash = |path: &Path| self.of_file(path, "model file");
        let own = hash(path)?;
        let mut all = vec![own];
        for name in self.beside(path, own) {
            // The backend reports missing ones.
            all.extend(hash(&path.with_file_name(name)).ok());
        }
        Ok(all)
    }

    /// The hash of a file; errors call it `what`.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`].
    pub(crate) fn of_file(&self, path: &Path, what: &str) -> Result<Checksum> {
        self.of(path, Checksum::SHA256).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => Error::new(Code::FileMissing, format!("there is no such {what}")).at(path),
            _ => Error::new(Code::FileUnreadable, format!("cannot read the {what}")).at(path).because(cause),
        })
    }

    fn beside(&self, path: &Path, hash: Checksum) -> Vec<String> {
        if let Some(names) = lock(&self.0).beside.get(&hash) {
            return names.clone();
        }
        // An unreadable file, or one that is not ONNX, has no known external files.
        let names = file::read_bounded(path, MOST_BYTES).map_or_else(|_| Vec::new(), |bytes| external_files(&bytes));
        lock(&self.0).beside.insert(hash, names.clone());
        names
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    fn aged(path: &Path) {
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        File::options().write(true).open(path).unwrap().set_modified(hour_ago).unwrap();
    }

    #[test]
    fn a_file_that_changes_has_another_hash_whatever_its_size_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.onnx");
        let files = Fingerprints::default();
        let mut seen = std::collections::HashSet::new();
        for content in 0..20_u8 {
            fs::write(&path, [content; 100]).unwrap();
            aged(&path);
            let hash = files.of(&path, Checksum::SHA256).unwrap();
            assert!(seen.insert(hash), "written to in place");
            assert_eq!(hash, Checksum::SHA256.of_file(&path).unwrap());
            let other = folder.path().join("b.onnx");
            fs::write(&other, [content + 100; 100]).unwrap();
            aged(&other);
            fs::rename(&other, &path).unwrap();
            assert!(seen.insert(files.of(&path, Checksum::SHA256).unwrap()), "replaced");
        }
    }

    #[test]
    fn weights_in_other_files_count() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("a.onnx");
        let field = |number: u8, bytes: &[u8]| [&[number << 3 | 2, bytes.len() as u8], bytes].concat();
        let entry = [field(1, b"location"), field(2, b"a.bin")].concat();
        let graph = field(5, &field(13, &entry));
        fs::write(&model, field(7, &graph)).unwrap();
        let files = Fingerprints::default();
        let alone = files.of_model(&model).unwrap();
        fs::write(folder.path().join("a.bin"), [1; 10]).unwrap();
        let first = files.of_model(&model).unwrap();
        fs::write(folder.path().join("a.bin"), [2; 10]).unwrap();
        let second = files.of_model(&model).unwrap();
        assert_eq!((alone.len(), first.len(), second.len()), (1, 2, 2));
        assert!(first[0] == second[0] && first[1] != second[1]);
        assert_eq!(files.of_model(&folder.path().join("none.onnx")).unwrap_err().code(), Code::FileMissing);
    }
}
