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

/// Expands files, folders and glob patterns as a batch does; `-` is standard input.
pub(crate) fn expand(words: &[String], recursive: bool) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    // Words on either side of a `-` keep their place.
    for group in words.split_inclusive(|word| word == "-") {
        let (paths, stdin) = match group.split_last() {
            Some((last, paths)) if last == "-" => (paths, true),
            _ => (group, false),
        };
        inputs.extend(packshot::expand_inputs(paths, recursive)?.into_iter().map(Input::File));
        inputs.extend(stdin.then_some(Input::Stdin));
    }
    let mut seen = HashSet::new();
    inputs.retain(|input| seen.insert(input.name()));
    if inputs.is_empty() {
        return Err(Error::new(Code::FileMissing, format!("no photo in {}", words.join(", "))));
    }
    Ok(inputs)
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
    fn standard_input_keeps_its_place() {
        let words = ["a.jpg", "-", "b.jpg", "a.jpg", "-"].map(str::to_owned);
        assert_eq!(expand(&words, false).unwrap(), [file("a.jpg"), Input::Stdin, file("b.jpg")]);
        let nothing = expand(&["none/*.gif".to_owned()], false).unwrap_err();
        assert_eq!(nothing.code(), Code::FileMissing);
    }
}
