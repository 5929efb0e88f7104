//! The files of a batch: what they are called, and whether one is still what a batch wrote.

use std::path::Path;

use crate::error::Code;
use crate::photo::{Limits, Photo};
use crate::{digest, file};

/// What the journal, its lock and unfinished files begin with: no result may.
pub(super) const OWN: &str = ".packshot-";
/// Prefix of unfinished files.
pub(super) const UNFINISHED: &str = ".packshot-batch-";

/// Whether the file with a result's name is somebody's work by now: not one of the results that were `written` there, by
/// their SHA-256, and not what a power cut or a full disk makes of one.
pub(super) fn is_changed(path: &Path, written: &[String]) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    if !metadata.is_file() {
        return true;
    }
    // A journal of an early version does not say what was written.
    !written.is_empty() && digest::of_file(path).is_ok_and(|(hash, _)| !written.contains(&hash)) && !is_wreck(path)
}

/// Whether it is a picture that ends too early or is damaged, or nothing at all.
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
