//! From words to a list of photos: files, folders and patterns.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::digest;
use crate::{Code, Error, Result};

const EXTENSIONS: &[&str] = &["jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff", "avif", "heic", "heif"];

/// A photo of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Its folder below the one that was given; empty for files and for what lies directly in that one.
    pub(super) folder: PathBuf,
    /// What its row of the table says.
    pub(super) row: Option<Box<Row>>,
}

/// The rest of a row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The name of the result.
    pub(super) output: Option<String>,
    /// Variables of the recipe.
    pub(super) variables: Vec<(String, String)>,
}

/// Expands files, folders and glob patterns into the paths of photos, in the order given and sorted inside each, each
/// file once.
///
/// A file that is named is taken whatever its extension, and whether it is there or not; folders and patterns give only
/// files that look like photos.
///
/// # Errors
/// [`Code::FileUnreadable`] for a folder that cannot be read, [`Code::OptionInvalid`] for a pattern that is none.
pub fn expand_inputs(words: &[String], recursive: bool) -> Result<Vec<PathBuf>> {
    Ok(expand(words, recursive)?.into_iter().map(|input| input.path).collect())
}

pub(super) fn expand(words: &[String], recursive: bool) -> Result<Vec<Input>> {
    let (mut inputs, mut once) = (Vec::new(), Once::default());
    each(words, recursive, &mut |input| inputs.extend(once.is_new(&input).then_some(input)))?;
    Ok(inputs)
}

/// Tells of the photos one by one, some perhaps twice: of a million, the paths need not be in memory together.
pub(super) fn each(words: &[String], recursive: bool, found: &mut dyn FnMut(Input)) -> Result<()> {
    for word in words {
        let path = Path::new(word);
        if path.is_dir() {
            folder(path, recursive, found)?;
        } else if word.contains(['*', '?', '[']) && !path.exists() {
            pattern(word, found)?;
        } else {
            found(Input { path: path.to_owned(), ..Input::default() });
        }
    }
    Ok(())
}

/// Knows equal inputs: the same file, by whatever way, for the same result.
#[derive(Default)]
pub(super) struct Once {
    places: Places,
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

/// As many folders are remembered: photos come folder by folder.
const MOST_FOLDERS: usize = 1000;

/// Where files are, whatever way leads there. Links to files are files of their own; folders are looked up once.
#[derive(Default)]
pub(super) struct Places(HashMap<PathBuf, PathBuf>);

impl Places {
    pub(super) fn of(&mut self, path: &Path) -> PathBuf {
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let Some(name) = path.file_name() else { return path.to_owned() };
        if let Some(known) = self.0.get(parent) {
            return known.join(name);
        }
        // A folder that is not there has no other name either.
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

pub(super) fn looks_like_a_photo(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// The photos of a folder. Files that vanish while it is read are passed over.
fn folder(root: &Path, recursive: bool, found: &mut dyn FnMut(Input)) -> Result<()> {
    let depth = if recursive { usize::MAX } else { 1 };
    for entry in walkdir::WalkDir::new(root).max_depth(depth).sort_by_file_name() {
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
        // A link to a file counts: `is_file` of the entry is false for it.
        if !entry.file_type().is_dir() && looks_like_a_photo(entry.path()) && entry.path().is_file() {
            let path = entry.into_path();
            let folder =
                path.parent().and_then(|parent| parent.strip_prefix(root).ok()).unwrap_or(Path::new("")).to_owned();
            found(Input { path, folder, row: None });
        }
    }
    Ok(())
}

fn pattern(word: &str, found: &mut dyn FnMut(Input)) -> Result<()> {
    let paths = glob::glob(word)
        .map_err(|cause| Error::new(Code::OptionInvalid, format!("`{word}` is not a glob pattern")).because(cause))?;
    let photos = paths.filter_map(|path| path.ok()).filter(|path| looks_like_a_photo(path) && path.is_file());
    photos.for_each(|path| found(Input { path, ..Input::default() }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_patterns_give_photos_only_and_each_once() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.JPG", "a.png", "notes.txt", "sub/c.webp"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let names = |words: &[String], recursive| {
            let inputs = expand(words, recursive).unwrap();
            let name = |input: &Input| input.path.file_name().unwrap().to_str().unwrap().to_owned();
            inputs.iter().map(name).collect::<Vec<_>>()
        };
        let root = folder.path().display().to_string();
        assert_eq!(names(std::slice::from_ref(&root), false), ["a.png", "b.JPG"]);
        assert_eq!(names(std::slice::from_ref(&root), true), ["a.png", "b.JPG", "c.webp"]);
        assert_eq!(names(&[format!("{root}/*")], false), ["a.png", "b.JPG"]);
        assert_eq!(names(&[format!("{root}/notes.txt")], false), ["notes.txt"], "a named file is taken as it is");
        let twice = [root.clone(), format!("{root}/sub/../a.png"), format!("{root}/none.jpg")];
        assert_eq!(names(&twice, false), ["a.png", "b.JPG", "none.jpg"], "a missing one fails later, on its own");
        assert!(names(&[format!("{root}/*.gif")], false).is_empty());
        assert_eq!(expand(&[format!("{root}/[")], false).unwrap_err().code(), Code::OptionInvalid);
        let below = expand(&[root], true).unwrap();
        assert_eq!(below[2].folder, Path::new("sub"));
    }
}
