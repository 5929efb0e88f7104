//! A batch's own files: their names, and whether one is still as a batch wrote it.

use std::path::Path;

use crate::error::Code;
use crate::photo::{Limits, Photo};
use crate::{digest, file};

/// Prefix of the journal, its lock and unfinished files; no result may have it.
pub(super) const OWN: &str = ".packshot-";
/// Prefix of unfinished files.
pub(super) const UNFINISHED: &str = ".packshot-batch-";

/// Whether a result was changed by somebody else: it is not one of the results `written` there, by SHA-256, and not one
/// that a power cut or a full disk has damaged.
pub(super) fn is_changed(path: &Path, written: &[String]) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    if !metadata.is_file() {
        return true;
    }
    // The journal of an early version does not record what was written.
    !written.is_empty() && digest::of_file(path).is_ok_and(|(hash, _)| !written.contains(&hash)) && !is_wreck(path)
}

/// Whether the file is a truncated or damaged picture, or empty.
fn is_wreck(path: &Path) -> bool {
    let Ok(bytes) = file::read_bounded(path, Limits::default().max_bytes) else { return false };
    let broken = |code| matches!(code, Code::PhotoEmpty | Code::PhotoTruncated | Code::PhotoCorrupt);
    bytes.iter().all(|byte| *byte == 0) || Photo::decode(&bytes).is_err_and(|error| broken(error.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::{Channels, EncodeOptions, ImageFormat};

    #[test]
    fn another_picture_is_somebodys_work_and_a_torn_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let picture = |sample: u8| {
            let photo = Photo::new(8, 8, Channels::Rgb, vec![sample; 192]).unwrap();
            photo.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap()
        };
        let (ours, theirs) = (picture(1), picture(200));
        let written = [digest::of(b"before"), digest::of(&ours)];
        let changed = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            is_changed(&path, &written)
        };
        assert!(!changed(&ours) && !changed(b"before"));
        assert!(changed(&theirs) && changed(b"notes of mine"));
        assert!(!changed(b"") && !changed(&[0; 500]) && !changed(&ours[..ours.len() / 2]), "what a power cut leaves");
        assert!(!is_changed(&path, &[]) && !is_changed(&folder.path().join("none"), &written));
        assert!(is_changed(folder.path(), &written));
    }
}
