//! How results are called: no two alike, no input overwritten, and the same again when the batch is resumed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Component, Path, PathBuf};

use packshot_api::{Existing, ImageFormat};

use super::inputs::{Input, Places};
use super::journal::Claims;
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
    /// A file that the batch did not write stands there and shall stay.
    pub(super) skip: bool,
}

/// Gives names, in the order of the inputs.
pub(super) struct Names {
    output: PathBuf,
    template: String,
    existing: Existing,
    places: Places,
    /// Where inputs lie, in lower case.
    inputs: HashSet<String>,
    /// Names of this run, in lower case: some file systems do not tell `A.png` from `a.png`.
    taken: HashSet<String>,
    claims: Claims,
    /// Names that inputs of this run have had before; they keep them.
    kept: HashMap<(String, String), VecDeque<String>>,
    /// Those names, in lower case.
    reserved: HashSet<String>,
}

impl Names {
    pub(super) fn new(output: &Path, template: &str, existing: Existing, claims: Claims) -> Self {
        Self {
            // Given names lie below the place where the folder truly is.
            output: output.canonicalize().unwrap_or_else(|_| output.to_owned()),
            template: template.to_owned(),
            existing,
            places: Places::default(),
            inputs: HashSet::new(),
            taken: HashSet::new(),
            claims,
            kept: HashMap::new(),
            reserved: HashSet::new(),
        }
    }

    /// Says which inputs there are, before the first of them gets its name: their files stay as they are, and names that
    /// they had before stay theirs.
    pub(super) fn announce(&mut self, inputs: &[Input]) {
        let mut paths = HashSet::with_capacity(inputs.len());
        for input in inputs {
            let place = self.places.of(&input.path);
            self.inputs.insert(lower(&place.to_string_lossy()));
            paths.insert(input.path.to_string_lossy().into_owned());
        }
        for (name, claim) in self.claims.iter().filter(|(_, claim)| paths.contains(&claim.input)) {
            if self.reserved.insert(lower(name)) {
                self.kept.entry((claim.input.clone(), claim.wanted.clone())).or_default().push_back(name.to_owned());
            }
        }
    }

    /// The name for the result of an input, whose number counts from 1, as a file of this format.
    pub(super) fn place(&mut self, input: &Input, number: u64, format: ImageFormat) -> Result<Place> {
        let wanted = self.wanted(input, number, format.extension())?;
        let key = (input.path.to_string_lossy().into_owned(), wanted);
        let kept = self.kept.get_mut(&key).and_then(VecDeque::pop_front);
        let wanted = key.1;
        if let Some(name) = kept
            && self.taken.insert(lower(&name))
        {
            return Ok(Place { name, wanted, skip: false });
        }
        for count in 1_u32.. {
            let name = numbered(&wanted, count);
            let folded = lower(&name);
            let path = self.output.join(&name);
            if self.taken.contains(&folded) || self.reserved.contains(&folded) || self.is_input(&path) {
                continue;
            }
            let foreign = !self.claims.contains(&name) && path.symlink_metadata().is_ok();
            if foreign && self.existing == Existing::Number {
                continue;
            }
            self.taken.insert(folded);
            return Ok(Place { name, wanted, skip: foreign && self.existing == Existing::Skip });
        }
        Err(Error::new(Code::Internal, "there are no names left"))
    }

    fn is_input(&mut self, path: &Path) -> bool {
        let place = self.places.of(path);
        self.inputs.contains(&lower(&place.to_string_lossy()))
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

fn lower(name: &str) -> String {
    name.to_lowercase()
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
