//! Names of output files: unique, never those of an input, and the same again when the batch is resumed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use packshot_api::{Existing, ImageFormat, path_text};

use super::inputs::{Input, RealPaths};
use super::journal::Journal;
use super::originals::Originals;
use super::own::{OWN, is_changed};
use crate::digest;
use crate::error::{Code, Error, Result};

/// Where a result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Below the folder for the results, with `/` between folders.
    pub(super) name: String,
    /// What it would have been called, were that free.
    pub(super) wanted: String,
    /// How often it had to be asked for: 2 for `a-2.png`.
    pub(super) count: u32,
    /// A file that no batch wrote stands there.
    pub(super) foreign: bool,
}

/// What it takes to give an input its place again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) number: u64,
    pub(super) count: u32,
    pub(super) foreign: bool,
}

/// Gives names, in the order of the inputs.
///
/// Of what must not be named again only keys are held, 8 bytes for each. Two with one key do no harm: a name that was free
/// is then passed by for the next number, and no file is written over.
pub(super) struct Names {
    output: PathBuf,
    template: String,
    existing: Existing,
    originals: Arc<Originals>,
    places: RealPaths,
    /// Where inputs lie, in lower case, also those that are not there yet.
    inputs: BTreeSet<u64>,
    /// Inputs as they were given: names that they had before stay theirs.
    given: BTreeSet<u64>,
    /// Names of this run, in lower case: some file systems do not tell `A.png` from `a.png`.
    taken: BTreeSet<u64>,
    /// The number to try next for a name that was wanted before, in lower case: what was not free once stays so.
    next: BTreeMap<u64, u32>,
}

impl Names {
    pub(super) fn new(output: &Path, template: &str, existing: Existing, originals: Arc<Originals>) -> Self {
        Self {
            // Given names lie below the place where the folder truly is.
            output: output.canonicalize().unwrap_or_else(|_| output.to_owned()),
            template: template.to_owned(),
            existing,
            originals,
            places: RealPaths::default(),
            inputs: BTreeSet::new(),
            given: BTreeSet::new(),
            taken: BTreeSet::new(),
            next: BTreeMap::new(),
        }
    }

    /// Says which inputs there are, before the first of them gets its name: their files stay as they are, and names that
    /// they had before stay theirs.
    pub(super) fn announce(&mut self, input: &Input) {
        self.originals.add(&input.path);
        let place = self.places.of(&input.path);
        self.inputs.insert(folded(&place.to_string_lossy()));
        self.given.insert(given(&input.key()));
    }

    /// Keeps a file below the folder for the results free of results: the report, the sheet.
    pub(super) fn reserve(&mut self, path: &Path) {
        let place = self.places.of(path);
        if let Some(name) = place.strip_prefix(&self.output).ok().and_then(Path::to_str) {
            self.taken.insert(folded(name));
        }
    }

    /// The name for the result of an input, whose number counts from 1, as a file of this format.
    pub(super) fn place(
        &mut self,
        input: &Input,
        number: u64,
        format: ImageFormat,
        journal: &mut Journal,
    ) -> Result<Place> {
        let wanted = self.wanted(input, number, format.extension())?;
        // Rows of one photo get their names in order again, whichever of them a worker claimed first.
        let mut had = journal.names_of(&input.key(), &wanted);
        had.sort_by_key(|name| count_of(name, &wanted));
        for name in had {
            let path = self.output.join(&name);
            if self.is_input(&path) || self.is_passed_by(&name, &path, journal) {
                continue;
            }
            if self.taken.insert(folded(&name)) {
                return Ok(Place { count: count_of(&name, &wanted), name, wanted, foreign: false });
            }
        }
        let key = folded(&wanted);
        for count in self.next.get(&key).copied().unwrap_or(1).. {
            let name = numbered(&wanted, count);
            let path = self.output.join(&name);
            let original = self.is_input(&path);
            if self.existing == Existing::Fail && original {
                return Ok(Place { name, wanted, count, foreign: true });
            }
            if original || !self.is_free(&name, journal) || self.is_passed_by(&name, &path, journal) {
                continue;
            }
            let foreign = path.symlink_metadata().is_ok() && !journal.is_claimed(&name);
            self.taken.insert(folded(&name));
            if count > 1 {
                self.next.insert(key, count + 1);
            }
            return Ok(Place { name, wanted, count, foreign });
        }
        Err(Error::new(Code::Internal, "there are no names left"))
    }

    /// The place that an input of this run has got.
    pub(super) fn again(&self, input: &Input, given: Given, format: ImageFormat) -> Result<Place> {
        let Given { number, count, foreign } = given;
        let wanted = self.wanted(input, number, format.extension())?;
        Ok(Place { name: numbered(&wanted, count), wanted, count, foreign })
    }

    fn is_input(&mut self, path: &Path) -> bool {
        self.originals.holds(path) || self.inputs.contains(&folded(&self.places.of(path).to_string_lossy()))
    }

    /// Whether a name is no other result's, and not kept for another input's.
    fn is_free(&self, name: &str, journal: &mut Journal) -> bool {
        !self.taken.contains(&folded(name))
            && !journal.claims_of(name).iter().any(|claim| self.given.contains(&given(&claim.input)))
    }

    /// Whether somebody's file stands there and the result gets a number for it.
    fn is_passed_by(&self, name: &str, path: &Path, journal: &mut Journal) -> bool {
        self.existing == Existing::Number
            && path.symlink_metadata().is_ok()
            && (!journal.is_claimed(name) || is_changed(path, &journal.written(name)))
    }

    fn wanted(&self, input: &Input, number: u64, extension: &str) -> Result<String> {
        if let Some(output) = input.row.as_ref().and_then(|row| row.output.as_deref()) {
            return with_extension(output, extension);
        }
        // Names of results are Unicode, whatever those of photos are.
        let stem = path_text(Path::new(input.path.file_stem().unwrap_or_default()));
        let folder: Vec<_> = input.folder.iter().map(|part| path_text(Path::new(part))).collect();
        let name = self
            .template
            .replace("{folder}", &folder.join("/"))
            .replace("{ext}", extension)
            .replace("{number}", &number.to_string())
            // Last, so that a photo called `{ext}.jpg` is called so.
            .replace("{stem}", &stem);
        let parts: Vec<_> = name.split('/').filter(|part| !part.is_empty()).collect();
        with_extension(&parts.join("/"), extension)
    }
}

fn with_extension(name: &str, extension: &str) -> Result<String> {
    check_relative(name)?;
    let has = Path::new(name).extension().is_some_and(|has| {
        let has = has.to_string_lossy().to_lowercase();
        has == extension || matches!((&*has, extension), ("jpeg", "jpg") | ("tiff", "tif"))
    });
    Ok(if has { name.to_owned() } else { format!("{name}.{extension}") })
}

/// `a-2.png` for the second `a.png`.
fn numbered(name: &str, count: u32) -> String {
    if count == 1 {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}-{count}.{extension}")
}

/// The count for which [`numbered`] gives this name.
fn count_of(name: &str, wanted: &str) -> u32 {
    let (stem, extension) = wanted.rsplit_once('.').unwrap_or((wanted, ""));
    let number = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    let number = number.and_then(|rest| rest.strip_suffix(extension)?.strip_suffix('.'));
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The key of a name or path, whatever its case.
fn folded(name: &str) -> u64 {
    digest::key(&[name.to_lowercase().as_bytes()])
}

/// The key of an input as it was given.
fn given(path: &str) -> u64 {
    digest::key(&[path.as_bytes()])
}

/// Fails for a name that is not plainly below the folder for the results, on any system.
pub(super) fn check_relative(name: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::new(Code::OptionInvalid, format!("the result's name `{name}` {why}")));
    if name.is_empty() || name.contains('\0') || name.ends_with('/') {
        return refuse("is no name of a file");
    }
    // A backslash parts folders on Windows, and a colon names a drive or a stream.
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let windows = name.split(['/', '\\']).any(|part| part == "..") || name.starts_with('\\');
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if !plain || windows || drive {
        return refuse("leads out of the folder for the results");
    }
    if name.split(['/', '\\']).any(|part| part.starts_with(OWN)) {
        return refuse("begins with `.packshot-`, as the batch's own files do");
    }
    Ok(())
}

/// Fails for a template with a placeholder that is not known, or one that gives all photos one name.
pub(super) fn check_template(template: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::new(Code::OptionInvalid, format!("name is `{template}`: {why}")));
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((word, after)) = after.split_once('}') else { return refuse("a brace is not closed".to_owned()) };
        if !["stem", "ext", "folder", "number"].contains(&word) {
            return refuse(format!("`{{{word}}}` is none of {{stem}}, {{ext}}, {{folder}}, {{number}}"));
        }
        rest = after;
    }
    if !template.contains("{stem}") && !template.contains("{number}") {
        return refuse("it needs {stem} or {number}, or all results would have one name".to_owned());
    }
    // The input's folder may be none: then the slash after it falls away too.
    check_relative(template.strip_prefix("{folder}/").unwrap_or(template))
}

#[cfg(test)]
mod tests;
