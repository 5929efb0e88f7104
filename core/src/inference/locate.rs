//! Searches for ONNX Runtime, in order of preference.

use std::cmp::Reverse;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::dylib;
use crate::error::{Code, Error, Result};

/// A library worth trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Absolute, or a bare name for the system's loader.
    pub(super) path: PathBuf,
    /// How it was found, for people.
    pub(super) origin: &'static str,
}

/// The result of a search.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// What was found, best first.
    pub(super) candidates: Vec<Candidate>,
    /// Every place that was searched without success, for people.
    pub(super) misses: Vec<String>,
}

/// Names that the system's loader resolves. Not on Windows, whose system folder holds an old onnxruntime.dll.
const SYSTEM: &[&str] = if cfg!(windows) {
    &[]
} else if cfg!(target_vendor = "apple") {
    &["libonnxruntime.dylib"]
} else {
    &["libonnxruntime.so", "libonnxruntime.so.1"]
};

/// Searches, in this order: `named`, `PACKSHOT_ORT_DYLIB`, `ORT_DYLIB_PATH`, `offered`, the folders of this library and
/// of the executable and their `ort` folders, then the system.
///
/// Fails with [`Code::FileMissing`] if `named` or `PACKSHOT_ORT_DYLIB` does not exist.
pub(super) fn search(named: Option<&Path>, offered: Option<&Path>) -> Result<Search> {
    let executable = || Some(std::env::current_exe().ok()?.parent()?.to_owned());
    let folders = [("beside this library", dylib::own_folder()), ("beside the executable", executable())];
    search_in(named, offered, &|name| std::env::var_os(name), &folders, SYSTEM)
}

fn search_in(
    named: Option<&Path>,
    offered: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<OsString>,
    folders: &[(&'static str, Option<PathBuf>)],
    system: &[&str],
) -> Result<Search> {
    let mut search = Search::default();
    if let Some(path) = named {
        search.at(path, "named by the caller", true)?;
    }
    for (name, ours) in [("PACKSHOT_ORT_DYLIB", true), ("ORT_DYLIB_PATH", false)] {
        match variable(name).filter(|value| !value.is_empty()) {
            Some(value) => search.at(Path::new(&value), name, ours)?,
            None => search.misses.push(format!("{name} (not set)")),
        }
    }
    if let Some(path) = offered {
        search.at(path, "offered by the caller", false)?;
    }
    let mut seen = Vec::new();
    for (origin, folder) in folders {
        let Some(folder) = folder else { continue };
        if seen.contains(&folder) {
            continue;
        }
        seen.push(folder);
        for folder in [folder.clone(), folder.join("ort")] {
            search.within(&folder, origin);
        }
    }
    for name in system {
        search.candidates.push(Candidate { path: name.into(), origin: "the system's loader" });
    }
    Ok(search)
}

impl Search {
    fn at(&mut self, path: &Path, origin: &'static str, ours: bool) -> Result<()> {
        // `ort` resolves a relative path against the executable; people mean their working folder.
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        if path.is_dir() {
            self.within(&path, origin);
        } else if path.exists() {
            self.candidates.push(Candidate { path, origin });
        } else if ours {
            let message = format!("there is no such ONNX Runtime library ({origin})");
            return Err(Error::new(Code::FileMissing, message).at(&path));
        } else {
            self.misses.push(format!("{} ({origin}, no such file)", path.display()));
        }
        Ok(())
    }

    fn within(&mut self, folder: &Path, origin: &'static str) {
        let libraries = libraries_in(folder);
        if libraries.is_empty() {
            self.misses.push(format!("{} ({origin})", folder.display()));
        }
        self.candidates.extend(libraries.into_iter().map(|path| Candidate { path, origin }));
    }
}

/// The ONNX Runtime libraries in a folder: the plain name first, then the newest version.
fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut libraries: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some((version_in(&name)?, name)))
        .collect();
    libraries.sort_by_key(|(version, _)| (!version.is_empty(), Reverse(version.clone())));
    libraries.into_iter().map(|(_, name)| folder.join(name)).collect()
}

/// The version in the name of an ONNX Runtime library of this platform, empty for the plain name, `None` for any
/// other file.
fn version_in(name: &str) -> Option<Vec<u32>> {
    let version = if cfg!(windows) {
        name.eq_ignore_ascii_case("onnxruntime.dll").then_some("")?
    } else if cfg!(target_vendor = "apple") {
        name.strip_prefix("libonnxruntime")?.strip_suffix(".dylib")?
    } else {
        name.strip_prefix("libonnxruntime.so")?
    };
    let Some(version) = version.strip_prefix('.') else {
        return version.is_empty().then(Vec::new);
    };
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
#[cfg(all(unix, not(target_vendor = "apple")))]
mod tests {
    use super::*;

    fn touch(folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(name), "not a library").unwrap();
        folder.join(name)
    }

    #[test]
    fn places_are_tried_in_order() {
        let temp = tempfile::tempdir().unwrap();
        let [named, own, shared, offered, beside] =
            ["named", "own", "shared", "offered", "beside"].map(|name| temp.path().join(name));
        let expected = [
            touch(&named, "some.so"),
            touch(&own, "libonnxruntime.so"),
            touch(&shared, "x.so"),
            touch(&offered, "libonnxruntime.so.1"),
            touch(&beside, "libonnxruntime.so.1.28.0"),
            touch(&beside.join("ort"), "libonnxruntime.so"),
            "libsystem.so".into(),
        ];
        let variable = |name: &str| {
            Some(if name == "PACKSHOT_ORT_DYLIB" { own.clone().into() } else { shared.join("x.so").into() })
        };
        let folders = [("beside this library", Some(beside.clone())), ("beside the executable", Some(beside))];
        let search =
            search_in(Some(&named.join("some.so")), Some(&offered), &variable, &folders, &["libsystem.so"]).unwrap();
        let paths: Vec<_> = search.candidates.iter().map(|candidate| candidate.path.clone()).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn newer_versions_come_first_and_other_files_never() {
        let temp = tempfile::tempdir().unwrap();
        for name in
            ["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.28.0", "libonnxruntime.so", "libonnxruntime.so.1.debug"]
        {
            touch(temp.path(), name);
        }
        touch(temp.path(), "libonnxruntime_providers_shared.so");
        let names: Vec<_> = libraries_in(temp.path())
            .into_iter()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["libonnxruntime.so", "libonnxruntime.so.1.28.0", "libonnxruntime.so.1.9.0"]);
    }

    #[test]
    fn a_missing_path_is_an_error_only_if_it_was_meant_for_us() {
        let missing = Path::new("/nowhere/libonnxruntime.so");
        let error = search_in(Some(missing), None, &|_| None, &[], &[]).unwrap_err();
        assert_eq!(error.code(), Code::FileMissing);
        assert!(error.to_string().contains("/nowhere/libonnxruntime.so"), "{error}");

        let only = |wanted: &'static str| move |name: &str| (name == wanted).then(|| missing.as_os_str().to_owned());
        let error = search_in(None, None, &only("PACKSHOT_ORT_DYLIB"), &[], &[]).unwrap_err();
        assert!(error.to_string().contains("PACKSHOT_ORT_DYLIB"), "{error}");

        for search in [
            search_in(None, None, &only("ORT_DYLIB_PATH"), &[], &[]).unwrap(),
            search_in(None, Some(missing), &|_| None, &[], &[]).unwrap(),
        ] {
            assert!(search.candidates.is_empty());
            let misses = search.misses;
            assert!(misses.iter().any(|miss| miss.contains("/nowhere/libonnxruntime.so")), "{misses:?}");
        }
    }
}
