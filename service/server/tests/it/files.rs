//! What is on the disk.

use std::path::Path;

/// The bytes of each file in a folder and those in it.
pub(crate) fn all(folder: &Path) -> Vec<Vec<u8>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                // Files come and go while a server runs.
                found.push(std::fs::read(path).unwrap_or_default());
            }
        }
    }
    found
}
