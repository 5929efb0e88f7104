//! Folders and files of the checkout, and folders to try things in.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    // The variable that `cargo run` sets comes first: a target folder may be shared by several checkouts.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target folder: this program lies in its `debug`.
pub(crate) fn target_folder() -> Result<PathBuf, String> {
    let program = env::current_exe().map_err(|cause| format!("cannot tell where xtask is: {cause}"))?;
    program.ancestors().nth(2).map(Path::to_path_buf).ok_or_else(|| "xtask is not in a target folder".to_owned())
}

/// What is in `folder`, sorted.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|cause| format!("cannot read {}: {cause}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

/// Whether the file's extension is one of `extensions`, in any case.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|wanted| found.eq_ignore_ascii_case(wanted)))
}

/// The photos in `folder`; there must be one.
pub(crate) fn photos(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut photos = list(folder)?;
    photos.retain(|path| has_extension(path, &["jpg", "jpeg", "png", "webp", "tif", "tiff"]));
    if photos.is_empty() { Err(format!("there are no photos in {}", folder.display())) } else { Ok(photos) }
}

/// The photos that come with the repository.
pub(crate) fn example_photos() -> Result<Vec<PathBuf>, String> {
    photos(&root().join("examples/photos"))
}

/// Fills `folder` with `count` photos: these, again and again, under names of their own.
pub(crate) fn copies(photos: &[PathBuf], count: usize, folder: &Path) -> Result<(), String> {
    for (index, photo) in photos.iter().cycle().take(count).enumerate() {
        let copy = folder.join(format!("{index:03}-{}", name(photo)));
        fs::copy(photo, &copy).map_err(|cause| format!("cannot copy {}: {cause}", photo.display()))?;
    }
    Ok(())
}

/// The name of a file, for messages.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A new folder in the system's temporary folder, deleted when dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(purpose: &str) -> Result<Self, String> {
        let path = env::temp_dir().join(format!("packshot-{purpose}-{}", std::process::id()));
        fs::create_dir(&path).map_err(|cause| format!("cannot create {}: {cause}", path.display()))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A new folder in this one.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.0.join(name);
        fs::create_dir(&path).map_err(|cause| format!("cannot create {}: {cause}", path.display()))?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(cause) = fs::remove_dir_all(&self.0) {
            eprintln!("could not delete {}: {cause}", self.0.display());
        }
    }
}
