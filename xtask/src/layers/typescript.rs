//! Imports between the files of Node's library.

use std::fs;
use std::path::Path;

use super::arrows::Arrow;
use crate::files;

pub(super) fn read(root: &Path, folder: &str) -> Result<Vec<Arrow>, String> {
    let mut sources = Vec::new();
    for path in files::list(&root.join(folder))? {
        if files::has_extension(&path, &["ts", "mts"]) {
            let text = fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()))?;
            sources.push((files::name(&path), text));
        }
    }
    Ok(arrows(folder, sources.into_iter()))
}

/// What files import of each other when they run: types are gone by then.
pub(super) fn arrows(folder: &str, sources: impl Iterator<Item = (String, String)>) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for (name, text) in sources {
        let from = name.split('.').next().unwrap_or(&name);
        let mut rest = &*text;
        while let Some((before, after)) = rest.split_once(" from './") {
            let at = text.len() - rest.len();
            let start =
                before.rfind("\nimport ").or_else(|| before.rfind("\nexport ")).map_or(0, |newline| newline + 1);
            let statement = &before[start.max(before.rfind(';').map_or(0, |end| end + 1))..];
            let to = after.split(['.', '\'']).next().unwrap_or_default();
            if !is_types(statement) && to != from {
                let line = text[..at + start].matches('\n').count() + 1;
                let first = statement.trim_start().lines().next().unwrap_or_default();
                arrows.push(Arrow::new(from, to, &format!("{folder}/{name}"), line, first));
            }
            rest = after;
        }
    }
    arrows
}

/// Whether an import names types only.
fn is_types(statement: &str) -> bool {
    let words = statement.trim_start();
    if words.starts_with("import type") || words.starts_with("export type") {
        return true;
    }
    let Some((_, names)) = words.split_once('{') else { return false };
    let mut names = names.trim_end_matches(['}', ' ', '\n']).split(',').map(str::trim).filter(|name| !name.is_empty());
    names.all(|name| name.starts_with("type "))
}
