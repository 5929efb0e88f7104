//! From the words on the command line to a list of photos, each with a file to write.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use packshot::{Code, Error, Result};

/// A photo to cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    File(PathBuf),
    Stdin,
}

impl Input {
    /// What people and reports call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
        }
    }

    fn stem(&self) -> &OsStr {
        match self {
            Self::File(path) => path.file_stem().unwrap_or(path.as_os_str()),
            Self::Stdin => OsStr::new("stdin"),
        }
    }
}

const EXTENSIONS: &[&str] = &["jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff", "avif", "heic", "heif"];

fn looks_like_a_photo(path: &Path) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// Expands files, folders and glob patterns, in the order given and sorted inside each.
///
/// A file that is named is taken whatever its extension; folders and patterns give only files that look like photos.
pub(crate) fn expand(words: &[String], recursive: bool) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for word in words {
        let path = Path::new(word);
        if word == "-" {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            inputs.extend(folder(path, recursive)?);
        } else if !path.exists() && word.contains(['*', '?', '[']) {
            inputs.extend(pattern(word)?);
        } else {
            inputs.push(Input::File(path.to_owned()));
        }
    }
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.name()));
    if inputs.is_empty() {
        return Err(Error::new(Code::FileMissing, format!("no photo in {}", words.join(", "))));
    }
    Ok(inputs)
}

fn folder(path: &Path, recursive: bool) -> Result<Vec<Input>> {
    let depth = if recursive { usize::MAX } else { 1 };
    let mut photos = Vec::new();
    for entry in walkdir::WalkDir::new(path).max_depth(depth).sort_by_file_name() {
        let entry = entry
            .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the folder").at(path).because(cause))?;
        if entry.file_type().is_file() && looks_like_a_photo(entry.path()) {
            photos.push(Input::File(entry.into_path()));
        }
    }
    Ok(photos)
}

fn pattern(word: &str) -> Result<Vec<Input>> {
    let paths = glob::glob(word)
        .map_err(|cause| Error::new(Code::OptionInvalid, format!("`{word}` is not a glob pattern")).because(cause))?;
    Ok(paths.filter_map(|path| path.ok()).filter(|path| looks_like_a_photo(path)).map(Input::File).collect())
}

/// Where each result goes: `DIR/STEM.EXTENSION`. Equal stems get `-2`, `-3`, and so on; no input is ever overwritten.
pub(crate) fn targets(inputs: &[Input], folder: &Path, extension: &str) -> Vec<PathBuf> {
    let sources: HashSet<PathBuf> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::File(path) => path.canonicalize().ok(),
            Input::Stdin => None,
        })
        .collect();
    let home = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut taken = HashSet::new();
    inputs
        .iter()
        .map(|input| {
            let mut number = 1;
            loop {
                let mut name = input.stem().to_owned();
                if number > 1 {
                    name.push(format!("-{number}"));
                }
                name.push(format!(".{extension}"));
                // Some file systems do not tell `A.png` from `a.png`.
                let key = name.to_string_lossy().to_lowercase();
                if !sources.contains(&home.join(&name)) && taken.insert(key) {
                    return folder.join(name);
                }
                number += 1;
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Input {
        Input::File(PathBuf::from(path))
    }

    #[test]
    fn equal_stems_get_numbers() {
        let inputs = [file("a/x.jpg"), file("b/X.png"), Input::Stdin];
        let names = targets(&inputs, Path::new("out"), "png");
        assert_eq!(names, [Path::new("out/x.png"), Path::new("out/X-2.png"), Path::new("out/stdin.png")]);
    }

    #[test]
    fn an_input_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let photo = folder.path().join("x.png");
        std::fs::write(&photo, b"x").unwrap();
        let names = targets(&[Input::File(photo)], folder.path(), "png");
        assert_eq!(names, [folder.path().join("x-2.png")]);
    }

    #[test]
    fn folders_and_patterns_give_photos_only() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.JPG", "a.png", "notes.txt", "sub/c.webp"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let names = |words: &[String], recursive| {
            let inputs = expand(words, recursive).unwrap();
            let name = |input: &Input| Path::new(&input.name()).file_name().unwrap().to_str().unwrap().to_owned();
            inputs.iter().map(name).collect::<Vec<_>>()
        };
        let root = folder.path().display().to_string();
        assert_eq!(names(std::slice::from_ref(&root), false), ["a.png", "b.JPG"]);
        assert_eq!(names(std::slice::from_ref(&root), true), ["a.png", "b.JPG", "c.webp"]);
        assert_eq!(names(&[format!("{root}/*")], false), ["a.png", "b.JPG"]);
        assert_eq!(names(&[format!("{root}/notes.txt")], false), ["notes.txt"], "a named file is taken as it is");
        let error = expand(&[format!("{root}/*.gif")], false).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
    }
}
