//! Names of output files: unique, never that of an input, and the same when the batch is resumed.

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
    /// Relative to the output folder, with `/` between folders.
    pub(super) name: String,
    /// The preferred name, which may have been taken.
    pub(super) wanted: String,
    /// The number in the name: 2 for `a-2.png`, 1 for none.
    pub(super) count: u32,
    /// Whether a file that no batch wrote already exists there.
    pub(super) foreign: bool,
}

/// What is needed to compute an input's place again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) number: u64,
    pub(super) count: u32,
    pub(super) foreign: bool,
}

/// Assigns names, in the order of the inputs.
///
/// Names that are taken are held as keys of 8 bytes. A collision does no harm: a free name is then skipped for the next
/// number, and no file is overwritten.
pub(super) struct Names {
    output: PathBuf,
    template: String,
    existing: Existing,
    originals: Arc<Originals>,
    places: RealPaths,
    /// Paths of inputs, in lower case, including inputs that do not exist yet.
    inputs: BTreeSet<u64>,
    /// Inputs as given: names from an earlier run stay reserved for them.
    given: BTreeSet<u64>,
    /// Names assigned in this run, in lower case: some file systems do not distinguish `A.png` from `a.png`.
    taken: BTreeSet<u64>,
    /// The number to try next for a wanted name, in lower case: a taken name stays taken.
    next: BTreeMap<u64, u32>,
}

impl Names {
    pub(super) fn new(output: &Path, template: &str, existing: Existing, originals: Arc<Originals>) -> Self {
        Self {
            // Names are relative to the folder's real path.
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

    /// Registers an input, before the first name is assigned: its file is never overwritten, and names from an earlier
    /// run stay reserved for it.
    pub(super) fn announce(&mut self, input: &Input) {
        self.originals.add(&input.path);
        let place = self.places.of(&input.path);
        self.inputs.insert(folded(&place.to_string_lossy()));
        self.given.insert(given(&input.key()));
    }

    /// Reserves a path in the output folder that no result may take: the report, the sheet.
    pub(super) fn reserve(&mut self, path: &Path) {
        let place = self.places.of(path);
        if let Some(name) = place.strip_prefix(&self.output).ok().and_then(Path::to_str) {
            self.taken.insert(folded(name));
        }
    }

    /// Assigns the name for the result of an input in this format; `number` counts inputs from 1.
    pub(super) fn place(
        &mut self,
        input: &Input,
        number: u64,
        format: ImageFormat,
        journal: &mut Journal,
    ) -> Result<Place> {
        let wanted = self.wanted(input, number, format.extension())?;
        // Rows of one photo get the same names as before, whichever of them a worker claimed first.
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
        Err(Error::new(Code::Internal, "no free name is left"))
    }

    /// The place that was assigned to an input in this run.
    pub(super) fn again(&self, input: &Input, given: Given, format: ImageFormat) -> Result<Place> {
        let Given { number, count, foreign } = given;
        let wanted = self.wanted(input, number, format.extension())?;
        Ok(Place { name: numbered(&wanted, count), wanted, count, foreign })
    }

    fn is_input(&mut self, path: &Path) -> bool {
        self.originals.holds(path) || self.inputs.contains(&folded(&self.places.of(path).to_string_lossy()))
    }

    /// Whether a name is neither taken nor reserved for another input.
    fn is_free(&self, name: &str, journal: &mut Journal) -> bool {
        !self.taken.contains(&folded(name))
            && !journal.claims_of(name).iter().any(|claim| self.given.contains(&given(&claim.input)))
    }

    /// Whether a foreign file exists there, so that the result gets a number.
    fn is_passed_by(&self, name: &str, path: &Path, journal: &mut Journal) -> bool {
        self.existing == Existing::Number
            && path.symlink_metadata().is_ok()
            && (!journal.is_claimed(name) || is_changed(path, &journal.written(name)))
    }

    fn wanted(&self, input: &Input, number: u64, extension: &str) -> Result<String> {
        if let Some(output) = input.row.as_ref().and_then(|row| row.output.as_deref()) {
            return with_extension(output, extension);
        }
        // Names of results are always Unicode, even if those of photos are not.
        let stem = path_text(Path::new(input.path.file_stem().unwrap_or_default()));
        let folder: Vec<_> = input.folder.iter().map(|part| path_text(Path::new(part))).collect();
        let name = self
            .template
            .replace("{folder}", &folder.join("/"))
            .replace("{ext}", extension)
            .replace("{number}", &number.to_string())
            // Replaced last, so that a photo called `{ext}.jpg` keeps its name.
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

/// The inverse of [`numbered`]: the count in this name.
fn count_of(name: &str, wanted: &str) -> u32 {
    let (stem, extension) = wanted.rsplit_once('.').unwrap_or((wanted, ""));
    let number = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
    let number = number.and_then(|rest| rest.strip_suffix(extension)?.strip_suffix('.'));
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The key of a name or path, case-insensitive.
fn folded(name: &str) -> u64 {
    digest::key(&[name.to_lowercase().as_bytes()])
}

/// The key of an input as given.
fn given(path: &str) -> u64 {
    digest::key(&[path.as_bytes()])
}

/// Fails for a name that could leave the output folder on any operating system.
pub(super) fn check_relative(name: &str) -> Result<()> {
    let refuse = |why: &str| Err(Error::new(Code::OptionInvalid, format!("the result's name `{name}` {why}")));
    if name.is_empty() || name.contains('\0') || name.ends_with('/') {
        return refuse("is not a file name");
    }
    // A backslash separates folders on Windows, and a colon follows a drive or precedes a stream.
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let windows = name.split(['/', '\\']).any(|part| part == "..") || name.starts_with('\\');
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if !plain || windows || drive {
        return refuse("leads out of the output folder");
    }
    if name.split(['/', '\\']).any(|part| part.starts_with(OWN)) {
        return refuse("begins with `.packshot-`, as the batch's own files do");
    }
    Ok(())
}

/// Fails for a template with an unknown placeholder, or one that gives all photos the same name.
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
        return refuse("it needs {stem} or {number}, or all results would have the same name".to_owned());
    }
    // The input's subfolder may be empty: then the slash after it is dropped too.
    check_relative(template.strip_prefix("{folder}/").unwrap_or(template))
}

#[cfg(test)]
mod tests;
