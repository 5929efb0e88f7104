//! The table of concepts in `bindings/README.md`, held against what the suites have shown.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::files;
use crate::steps::{Outcome, StepResult};

/// Where the suite of a language writes down the concepts that its passed tests show.
pub(super) fn record(folder: &Path, language: &str) -> PathBuf {
    folder.join(format!("{language}.txt"))
}

pub(super) fn check(folder: &Path, languages: &[&str]) -> StepResult {
    let read = |path: PathBuf| fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()));
    let table = read(files::root().join("bindings/README.md"))?;
    let concepts = concepts(&table);
    let mut faults = Vec::new();
    for language in languages {
        let shown = read(record(folder, language))?;
        faults.extend(differences(&concepts, &shown).into_iter().map(|fault| format!("{language}: {fault}")));
    }
    for fault in &faults {
        println!("{fault}");
    }
    if concepts.is_empty() || !faults.is_empty() {
        return Err(format!("{} cells of the table in bindings/README.md are not true", faults.len()));
    }
    Ok(Outcome::Ok(format!("{} concepts in {}", concepts.len(), languages.join(", "))))
}

/// The first column of the table.
fn concepts(table: &str) -> BTreeSet<&str> {
    table.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once("` |")?.0)).collect()
}

fn differences(concepts: &BTreeSet<&str>, shown: &str) -> Vec<String> {
    let shown: BTreeSet<_> = shown.lines().filter(|line| !line.is_empty()).collect();
    let missing = concepts.difference(&shown).map(|id| format!("no passed test shows `{id}`"));
    let unknown = shown.difference(concepts).map(|id| format!("a test shows `{id}`, which is not in the table"));
    missing.chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_unknown_concepts_are_found() {
        let concepts = concepts("| concept | |\n|---|---|\n| `cancel` | Stop |\n| `engine` | Make |\n");
        assert_eq!(concepts.len(), 2);
        assert!(differences(&concepts, "engine\ncancel\ncancel\n").is_empty());
        assert_eq!(differences(&concepts, "engine\n").len(), 1);
        assert_eq!(differences(&concepts, "engine\ncancel\ncancell\n").len(), 1);
    }
}
