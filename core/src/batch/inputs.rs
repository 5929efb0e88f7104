//! Expands files, folders and patterns to a list of photos.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use packshot_api::path_text;

use crate::digest;
use crate::error::{Code, Error, Result};

const EXTENSIONS: &[&str] =
    &["jpg", "jpeg", "jpe", "jif", "jfi", "jfif", "png", "webp", "tif", "tiff", "avif", "heic", "heif"];

/// A photo of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Its subfolder, relative to the given folder; empty for named files and for files directly in that folder.
    pub(super) folder: PathBuf,
    /// Its row of the table.
    pub(super) row: Option<Box<Row>>,
}

impl Input {
    /// Its path as the journal writes it: as text, prefixed with a zero byte if it is not Unicode, which keeps it
    /// unique.
    pub(super) fn key(&self) -> Cow<'_, str> {
        key(&self.path)
    }
}

pub(super) fn key(path: &Path) -> Cow<'_, str> {
    match path.to_str() {
        Some(text) => text.into(),
        None => format!("\0{}", path_text(path)).into(),
    }
}

/// The other cells of a table row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The name of the result.
    pub(super) output: Option<String>,
    /// Variables of the recipe.
    pub(super) variables: Vec<(String, String)>,
}

/// How an input was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Its path was given: it is used whatever its extension, and even if it does not exist.
    Named,
    /// In a folder or by a pattern: only files with a photo's extension.
    Found,
}

/// The photos of a watched folder, in the order given and sorted inside each, each file once.
pub(super) fn expand(words: &[PathBuf], recursive: bool) -> Result<Vec<Input>> {
    let (mut inputs, mut once) = (Vec::new(), Once::default());
    each(words, recursive, &mut |input, _| inputs.extend(once.is_new(&input).then_some(input)))?;
    Ok(inputs)
}

/// Calls `found` for the photos one by one, perhaps twice for some: the paths of a million need not be in memory at
/// once. Returns the patterns that match no photo.
///
/// # Errors
/// [`Code::FileUnreadable`] for a folder that cannot be read, [`Code::OptionInvalid`] for an invalid pattern.
pub(super) fn each(words: &[PathBuf], recursive: bool, found: &mut dyn FnMut(Input, Way)) -> Result<Vec<PathBuf>> {
    let mut empty = Vec::new();
    for path in words {
        let pattern = path.to_str().filter(|word| word.contains(['*', '?', '[']));
        if path.is_dir() {
            folder(path, recursive, found)?;
        } else if let Some(word) = pattern
            && !path.exists()
        {
            if !matching(word, found)? {
                empty.push(path.clone());
            }
        } else {
            found(Input { path: path.clone(), ..Input::default() }, Way::Named);
        }
    }
    Ok(empty)
}

/// Detects duplicate inputs: the same file, by whatever path, for the same result.
#[derive(Default)]
pub(super) struct Once {
    places: RealPaths,
    seen: BTreeSet<u128>,
}

impl Once {
    pub(super) fn is_new(&mut self, input: &Input) -> bool {
        let place = self.places.of(&input.path);
        let mut words = vec![place.as_os_str().as_encoded_bytes()];
        if let Some(row) = &input.row {
            words.extend(row.output.as_ref().map(String::as_bytes));
            words.extend(row.variables.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]));
        }
        self.seen.insert(digest::wide_key(&words))
    }
}

/// How many folders are remembered: photos come folder by folder.
const MOST_FOLDERS: usize = 1000;

/// Resolves folders to their real paths, each once. Links to files count as separate files.
#[derive(Default)]
pub(super) struct RealPaths(HashMap<PathBuf, PathBuf>);

impl RealPaths {
    pub(super) fn of(&mut self, path: &Path) -> PathBuf {
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let Some(name) = path.file_name() else { return path.to_owned() };
        if let Some(known) = self.0.get(parent) {
            return known.join(name);
        }
        // A missing folder has no other name either.
        let place =
            parent.canonicalize().or_else(|_| std::path::absolute(parent)).unwrap_or_else(|_| parent.to_owned());
        let file = place.join(name);
        if self.0.len() >= MOST_FOLDERS {
            self.0.clear();
        }
        self.0.insert(parent.to_owned(), place);
        file
    }
}

/// Whether a file has a photo's extension, as batches check it when they search folders.
#[must_use]
pub fn looks_like_a_photo(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The photos of a folder. Files that vanish while it is read are skipped, and so are hidden ones, such as thumbnails
/// and the `._shoe.jpg` files of macOS.
fn folder(root: &Path, recursive: bool, found: &mut dyn FnMut(Input, Way)) -> Result<()> {
    let depth = if recursive { usize::MAX } else { 1 };
    let walk = walkdir::WalkDir::new(root).max_depth(depth).sort_by_file_name();
    let hidden = |entry: &walkdir::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry)) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(cause) if cause.io_error().is_some_and(|cause| cause.kind() == std::io::ErrorKind::NotFound) => {
                continue;
            }
            Err(cause) => {
                let place = cause.path().unwrap_or(root).to_owned();
                return Err(Error::new(Code::FileUnreadable, "cannot read the folder").at(&place).because(cause));
            }
        };
        // Links to files count too; `is_file` of the entry is false for them.
        if !entry.file_type().is_dir() && looks_like_a_photo(entry.path()) && entry.path().is_file() {
            let path = entry.into_path();
            let folder =
                path.parent().and_then(|parent| parent.strip_prefix(root).ok()).unwrap_or(Path::new("")).to_owned();
            found(Input { path, folder, row: None }, Way::Found);
        }
    }
    Ok(())
}

/// Calls `found` for the photos that match a pattern; returns whether there are any. As in a shell, `*` skips hidden
/// files. An unreadable folder on the way becomes an input that fails.
fn matching(word: &str, found: &mut dyn FnMut(Input, Way)) -> Result<bool> {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
    let paths = glob::glob_with(word, options)
        .map_err(|cause| Error::new(Code::OptionInvalid, format!("`{word}` is not a glob pattern")).because(cause))?;
    let mut any = false;
    for path in paths {
        let (path, way) = match path {
            Ok(path) if looks_like_a_photo(&path) && path.is_file() => (path, Way::Found),
            Ok(_) => continue,
            Err(unreadable) => (unreadable.path().to_owned(), Way::Named),
        };
        any = true;
        found(Input { path, ..Input::default() }, way);
    }
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&Path], recursive: bool) -> (Vec<String>, usize) {
        let words: Vec<_> = words.iter().map(|word| word.to_path_buf()).collect();
        let (mut names, mut once) = (Vec::new(), Once::default());
        let empty = each(&words, recursive, &mut |input, _| {
            if once.is_new(&input) {
                names.push(input.path.file_name().unwrap().to_str().unwrap().to_owned());
            }
        });
        (names, empty.unwrap().len())
    }

    fn with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        folder
    }

    #[test]
    fn folders_and_patterns_give_photos_only_and_each_once() {
        let folder = with(&["b.JPG", "a.png", "notes.txt", "sub/c.webp"]);
        let root = folder.path();
        let found = |words: &[&Path], recursive| names(words, recursive).0;
        assert_eq!(found(&[root], false), ["a.png", "b.JPG"]);
        assert_eq!(found(&[root], true), ["a.png", "b.JPG", "c.webp"]);
        assert_eq!(found(&[&root.join("*")], false), ["a.png", "b.JPG"]);
        assert_eq!(found(&[&root.join("notes.txt")], false), ["notes.txt"], "a named file is taken as it is");
        let twice: [&Path; 3] = [root, &root.join("sub/../a.png"), &root.join("none.jpg")];
        assert_eq!(found(&twice, false), ["a.png", "b.JPG", "none.jpg"], "a missing one fails later, on its own");
        assert_eq!(each(&[root.join("[")], false, &mut |_, _| {}).unwrap_err().code(), Code::OptionInvalid);
        let below = expand(&[root.to_owned()], true).unwrap();
        assert_eq!(below[2].folder, Path::new("sub"));
    }

    #[test]
    fn a_pattern_without_photos_is_told() {
        let folder = with(&["a.png", "notes.txt"]);
        let (gif, text) = (folder.path().join("*.gif"), folder.path().join("n*"));
        assert_eq!(names(&[folder.path(), &gif, &text], false), (vec!["a.png".to_owned()], 2));
    }

    #[test]
    fn hidden_files_are_no_photos_and_jfif_is_one() {
        let folder = with(&["a.jfif", "b.JPE", "c.jif", "._a.jpg", ".d.jpg", ".thumbnails/e.jpg", "sub/._f.jpg"]);
        assert_eq!(names(&[folder.path()], true).0, ["a.jfif", "b.JPE", "c.jif"]);
        assert_eq!(names(&[&folder.path().join("*")], true).0, ["a.jfif", "b.JPE", "c.jif"]);
        assert_eq!(names(&[&folder.path().join(".d.jpg")], true).0, [".d.jpg"], "unless it is named");
        assert_eq!(names(&[&folder.path().join(".thumbnails")], true).0, ["e.jpg"]);
    }
}
