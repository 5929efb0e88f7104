//! Rules of the house that no other tool checks.

use std::collections::BTreeMap;
use std::fs;

use crate::command::{answer, program};
use crate::files;
use crate::steps::{Outcome, StepResult};

/// A longer file is two rooms that want a wall between them.
const MOST_LINES: usize = 500;

/// No source file in git, or about to be, is too long.
pub(crate) fn file_lengths() -> StepResult {
    let Some(paths) = answer(&mut program("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))
    else {
        return Ok(Outcome::Skipped("this is not a git checkout".to_owned()));
    };
    let is_code = |path: &&str| {
        (path.ends_with(".rs") || path.ends_with(".py")) && !path.split('/').any(|folder| folder == "generated")
    };
    // A file that was deleted but not yet committed is listed and not there.
    let length = |path: &str| Some(fs::read_to_string(files::root().join(path)).ok()?.lines().count());
    let lengths: Vec<_> = paths.split('\0').filter(is_code).filter_map(|path| Some((path, length(path)?))).collect();
    let long: Vec<_> = lengths.iter().filter(|(_, lines)| *lines > MOST_LINES).collect();
    if long.is_empty() {
        return Ok(Outcome::Ok(format!("{} files", lengths.len())));
    }
    for (path, lines) in &long {
        println!("{path}: {lines} lines");
    }
    Err(format!("{} files have more than {MOST_LINES} lines", long.len()))
}

/// Every decision has a number of its own, and a line in the index.
pub(crate) fn decision_numbers() -> StepResult {
    let folder = files::root().join("docs/decisions");
    let names: Vec<_> = files::list(&folder)?.iter().map(|path| files::name(path)).collect();
    let index =
        fs::read_to_string(folder.join("README.md")).map_err(|cause| format!("docs/decisions/README.md: {cause}"))?;
    let faults = faults(&names, &index);
    if faults.is_empty() {
        return Ok(Outcome::Ok(format!("{} decisions", names.len() - 1)));
    }
    for fault in &faults {
        println!("docs/decisions: {fault}");
    }
    Err(format!("{} faults in docs/decisions", faults.len()))
}

fn faults(names: &[String], index: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut numbers = BTreeMap::new();
    for name in names.iter().filter(|name| name.ends_with(".md") && *name != "README.md") {
        match name.split_once('-') {
            Some((number, _)) if number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                if let Some(other) = numbers.insert(number, name) {
                    faults.push(format!("{other} and {name} have the same number"));
                }
            }
            _ => faults.push(format!("{name} is not named like 001-some-words.md")),
        }
        if !index.contains(&format!("({name})")) {
            faults.push(format!("README.md does not link to {name}"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_decisions_are_found() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let index = "[a](001-a.md) [b](001-b.md) [c](c.md)";
        assert!(faults(&names(&["001-a.md", "README.md"]), index).is_empty());
        assert_eq!(faults(&names(&["001-a.md", "001-b.md"]), index).len(), 1, "same number");
        assert_eq!(faults(&names(&["c.md"]), index).len(), 1, "no number");
        assert_eq!(faults(&names(&["002-d.md"]), index).len(), 1, "not in the index");
    }
}
