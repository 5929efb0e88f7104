//! How results are called: no two alike, no input overwritten, and the same again when the batch is resumed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use packshot_api::{Existing, ImageFormat};

use super::digest;
use super::inputs::{Input, Places};
use super::journal::Journal;
use crate::{Code, Error, Result};

/// What the journal, its lock and unfinished files begin with: no result may.
pub(super) const OWN: &str = ".packshot-";

/// Where a result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Below the folder for the results, with `/` between folders.
    pub(super) name: String,
    /// What it would have been called, were that free.
    pub(super) wanted: String,
    /// How often it had to be asked for: 2 for `a-2.png`.
    pub(super) count: u32,
    /// A file that the batch did not write stands there and shall stay.
    pub(super) skip: bool,
}

/// What it takes to give an input its place again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) number: u64,
    pub(super) count: u32,
    pub(super) skip: bool,
}

/// Gives names, in the order of the inputs.
///
/// Of what must not be named again only keys are held, 8 bytes for each. Two with one key do no harm: a name that was free
/// is then passed by for the next number, and no file is written over.
pub(super) struct Names {
    output: PathBuf,
    template: String,
    existing: Existing,
    places: Places,
    /// Where inputs lie, in lower case.
    inputs: BTreeSet<u64>,
    /// Inputs as they were given: names that they had before stay theirs.
    given: BTreeSet<u64>,
    /// Names of this run, in lower case: some file systems do not tell `A.png` from `a.png`.
    taken: BTreeSet<u64>,
    /// The number to try next for a name that was wanted before, in lower case: what was not free once stays so.
    next: BTreeMap<u64, u32>,
}

impl Names {
    pub(super) fn new(output: &Path, template: &str, existing: Existing) -> Self {
        Self {
            // Given names lie below the place where the folder truly is.
            output: output.canonicalize().unwrap_or_else(|_| output.to_owned()),
            template: template.to_owned(),
            existing,
            places: Places::default(),
            inputs: BTreeSet::new(),
            given: BTreeSet::new(),
            taken: BTreeSet::new(),
            next: BTreeMap::new(),
        }
    }

    /// Says which inputs there are, before the first of them gets its name: their files stay as they are, and names that
    /// they had before stay theirs.
    pub(super) fn announce(&mut self, input: &Input) {
        let place = self.places.of(&input.path);
        self.inputs.insert(folded(&place.to_string_lossy()));
        self.given.insert(given(&input.path.to_string_lossy()));
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
        let mut had = journal.names_of(&input.path.to_string_lossy(), &wanted);
        had.sort_by_key(|name| count_of(name, &wanted));
        for name in had {
            if self.taken.insert(folded(&name)) {
                return Ok(Place { count: count_of(&name, &wanted), name, wanted, skip: false });
            }
        }
        let key = folded(&wanted);
        for count in self.next.get(&key).copied().unwrap_or(1).. {
            let name = numbered(&wanted, count);
            let path = self.output.join(&name);
            if !self.is_free(&name, &path, journal) {
                continue;
            }
            let foreign = path.symlink_metadata().is_ok() && !journal.is_claimed(&name);
            if foreign && self.existing == Existing::Number {
                continue;
            }
            self.taken.insert(folded(&name));
            if count > 1 {
                self.next.insert(key, count + 1);
            }
            return Ok(Place { name, wanted, count, skip: foreign && self.existing == Existing::Skip });
        }
        Err(Error::new(Code::Internal, "there are no names left"))
    }

    /// The place that an input of this run has got.
    pub(super) fn again(&self, input: &Input, given: Given, format: ImageFormat) -> Result<Place> {
        let Given { number, count, skip } = given;
        let wanted = self.wanted(input, number, format.extension())?;
        Ok(Place { name: numbered(&wanted, count), wanted, count, skip })
    }

    /// Whether a name is no other result's, not kept for another input's, and not that of an input.
    fn is_free(&mut self, name: &str, path: &Path, journal: &mut Journal) -> bool {
        !self.taken.contains(&folded(name))
            && !journal.claims_of(name).iter().any(|claim| self.given.contains(&given(&claim.input)))
            && !self.inputs.contains(&folded(&self.places.of(path).to_string_lossy()))
    }

    fn wanted(&self, input: &Input, number: u64, extension: &str) -> Result<String> {
        if let Some(output) = input.row.as_ref().and_then(|row| row.output.as_deref()) {
            return with_extension(output, extension);
        }
        let text = |path: Option<&std::ffi::OsStr>| path.unwrap_or_default().to_string_lossy().into_owned();
        let folder: Vec<_> = input.folder.iter().map(|part| part.to_string_lossy()).collect();
        let name = self
            .template
            .replace("{folder}", &folder.join("/"))
            .replace("{ext}", extension)
            .replace("{number}", &number.to_string())
            // Last, so that a photo called `{ext}.jpg` is called so.
            .replace("{stem}", &text(input.path.file_stem()));
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
