//! Reading files up to a limit, and writing them atomically and durably.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::error::{Code, Error, Result};

/// Characters of a path in an error; some people give a whole photo as Base64.
const LONGEST_SHOWN: usize = 1000;

/// Prefix of temporary files.
const UNFINISHED: &str = ".packshot-";

/// The whole content of the file at `path`, at most `limit` bytes.
///
/// The size that the file system reports is only a hint: pipes report none, and a file may grow while it is read.
///
/// # Errors
/// [`Code::FileMissing`], [`Code::FileUnreadable`], or [`Code::LimitBytes`] before more than `limit` bytes are held.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let unreadable = |cause| unreadable(path, cause);
    let too_large = || Error::new(Code::LimitBytes, format!("the file is larger than {limit} bytes")).at(path);

    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(unreadable(ErrorKind::IsADirectory.into()));
    }
    let size = metadata.len();
    if size > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

/// The error from reading `path`, with what is wrong with it if that shows.
fn unreadable(path: &Path, cause: io::Error) -> Error {
    let text = path.to_string_lossy();
    let begins_with = |schemes: &[&str]| schemes.iter().any(|scheme| text.starts_with(scheme));
    let message = match cause.kind() {
        ErrorKind::NotFound if text.is_empty() => "the path is empty",
        ErrorKind::NotFound if text.contains("://") => {
            "this is an address, not a path: fetch the file first, and give its bytes"
        }
        ErrorKind::NotFound | ErrorKind::InvalidFilename if begins_with(&["data:"]) => {
            "a path is not a data URL: decode it, and give the bytes"
        }
        ErrorKind::InvalidFilename => "the path is too long; if it is a photo as Base64, decode it, and give the bytes",
        ErrorKind::NotFound if begins_with(&["~/"]) => {
            "there is no such file: `~` is the home folder in shells only, so write the folder out"
        }
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::IsADirectory => "this is a folder, not a file",
        _ => "cannot read the file",
    };
    let code = if cause.kind() == ErrorKind::NotFound { Code::FileMissing } else { Code::FileUnreadable };
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    let shown = if start.len() < text.len() { Path::new(&start) } else { path };
    Error::new(code, message).at(shown).because(cause)
}

/// Writes `bytes` to `path` atomically: into a temporary file in the same folder, which is then renamed over the
/// target. On failure, an existing file is untouched and nothing new is left behind. On success the file is synced to
/// the disk: a power cut leaves either the old content or the new one.
///
/// A link is followed and stays a link. Pipes and devices are written to directly.
///
/// # Errors
/// [`Code::DiskFull`] or [`Code::FileUnwritable`].
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let how = Writing { prefix: UNFINISHED, synced: true, is_new: false, is_private: false };
    write(path, bytes, &how).map_err(|cause| io_error(path, cause, "cannot write the file"))
}

/// [`write_atomically`] for secrets: only the user can read the file.
///
/// # Errors
/// Those of [`write_atomically`].
#[cfg(feature = "client")]
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let how = Writing { prefix: UNFINISHED, synced: true, is_new: false, is_private: true };
    write(path, bytes, &how).map_err(|cause| io_error(path, cause, "cannot write the file"))
}

/// [`write_atomically`] without syncing, for callers that detect on their own what a power cut did to the file.
/// Temporary files begin with `prefix`. With `is_new`, a file that was created meanwhile is not replaced.
///
/// # Errors
/// Those of [`write_atomically`], and [`Code::FileExists`].
pub(crate) fn write_unsynced(path: &Path, bytes: &[u8], prefix: &str, is_new: bool) -> Result<()> {
    let how = Writing { prefix, synced: false, is_new, is_private: false };
    write(path, bytes, &how).map_err(|cause| match cause.kind() {
        ErrorKind::AlreadyExists => Error::new(Code::FileExists, "a file of that name was created meanwhile").at(path),
        _ => io_error(path, cause, "cannot write the file"),
    })
}

/// How a file is written.
struct Writing<'a> {
    /// Begins the name of the temporary file.
    prefix: &'a str,
    synced: bool,
    /// Whether a file that exists is an error.
    is_new: bool,
    is_private: bool,
}

fn write(path: &Path, bytes: &[u8], how: &Writing<'_>) -> io::Result<()> {
    let target = fs::canonicalize(path);
    let target = target.as_deref().unwrap_or(path);
    if let Ok(existing) = fs::metadata(target) {
        if existing.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if !existing.is_file() {
            return File::options().write(true).open(target)?.write_all(bytes);
        }
    }
    let folder = folder_of(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(how.prefix);
    #[cfg(unix)]
    {
        // Temporary files are private by default; a saved photo has the permissions of any new file.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(if how.is_private { 0o600 } else { 0o666 }));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if how.synced {
        // Before the rename, which could otherwise reach the disk first and leave an empty file under the final name.
        file.as_file().sync_all()?;
    }
    if how.is_new {
        file.persist_noclobber(target)?
    } else {
        file.persist(target)?
    };
    if how.synced { sync_folder(folder) } else { Ok(()) }
}

/// Renames a finished file from `path` to `target`; syncs its content before and its name after.
pub(crate) fn rename_synced(file: File, path: &Path, target: &Path) -> io::Result<()> {
    file.sync_all()?;
    // Some systems do not rename an open file.
    drop(file);
    fs::rename(path, target)?;
    sync_folder(folder_of(target))
}

/// Syncs the entries of a folder to the disk. Windows has no such call; its file system journals names.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // The file is in place; an unreadable folder, or a file system that cannot sync folders, is not a failure.
        Err(cause)
            if matches!(
                cause.kind(),
                ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Maps an I/O error: to [`Code::DiskFull`], or to one with `message`.
pub(crate) fn io_error(path: &Path, cause: io::Error, message: &str) -> Error {
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::new(Code::DiskFull, "no space left for the file"),
        ErrorKind::NotFound => Error::new(Code::FileUnwritable, format!("{message}: its folder does not exist")),
        _ => Error::new(Code::FileUnwritable, message),
    }
    .at(path)
    .because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(read_bounded(&path, 3).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn gives_the_permissions_of_an_ordinary_file_and_keeps_links() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ordinary, path, link) = (folder.path().join("o"), folder.path().join("p"), folder.path().join("l"));
        fs::write(&ordinary, b"").unwrap();
        write_atomically(&path, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&ordinary));

        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_atomically(&link, b"through").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"through");
        write_atomically(Path::new("/dev/null"), b"gone").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file(), "a device stays a device");
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        fs::write(&path, [0; 10]).unwrap();
        assert_eq!(read_bounded(&path, 9).unwrap_err().code(), Code::LimitBytes);
        assert_eq!(read_bounded(&path, 10).unwrap().len(), 10);
        assert_eq!(read_bounded(folder.path(), 10).unwrap_err().code(), Code::FileUnreadable);
        assert_eq!(read_bounded(&folder.path().join("b"), 10).unwrap_err().code(), Code::FileMissing);
        let base64 = "QUJD".repeat(10_000);
        let long = read_bounded(Path::new(&base64), 10).unwrap_err();
        assert!(long.message().contains("Base64") && long.to_string().len() < 1500, "{long}");
        // A device without a size.
        #[cfg(unix)]
        assert_eq!(read_bounded(Path::new("/dev/zero"), 1000).unwrap_err().code(), Code::LimitBytes);
    }

    #[test]
    fn failures_have_their_codes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        for path in [folder.path().join("missing/a.png"), file.join("a.png"), folder.path().to_path_buf()] {
            assert_eq!(write_atomically(&path, b"x").unwrap_err().code(), Code::FileUnwritable, "{path:?}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_full_disk_has_its_code_and_keeps_nothing() {
        let full = io_error(Path::new("a.png"), ErrorKind::StorageFull.into(), "");
        assert_eq!(full.code(), Code::DiskFull);

        // A real one, where the system lets us mount it.
        let folder = tempfile::tempdir().unwrap();
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(folder.path())
            .output();
        if !mount.is_ok_and(|output| output.status.success()) {
            println!("skipped: a file system of 64 KiB cannot be mounted here");
            return;
        }
        let path = folder.path().join("a.bin");
        let kept = write_atomically(&path, b"old");
        let full = write_atomically(&path, &[1; 1 << 20]);
        let (content, files) = (fs::read(&path), fs::read_dir(folder.path()).map(Iterator::count));
        let _ = std::process::Command::new("umount").arg(folder.path()).status();
        assert!(kept.is_ok());
        assert_eq!(full.unwrap_err().code(), Code::DiskFull);
        assert_eq!((content.unwrap(), files.unwrap()), (b"old".to_vec(), 1), "the old file, and nothing else");
    }
}
