//! Imports between the modules of a folder of Rust.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::arrows::Arrow;
use crate::files;

/// The modules of a folder and what they import of each other.
pub(super) struct Scope {
    pub(super) modules: Vec<String>,
    pub(super) arrows: Vec<Arrow>,
    /// Imports that do not name the module.
    pub(super) faults: Vec<String>,
}

/// Reads `folder`, whose modules have the path `prefix` in their crate.
pub(super) fn read(root: &Path, folder: &str, prefix: &[&str]) -> Result<Scope, String> {
    let (mut sources, mut folders) = (Vec::new(), vec![String::new()]);
    while let Some(below) = folders.pop() {
        for path in files::list(&root.join(folder).join(&below))? {
            let name = format!("{below}{}", files::name(&path));
            if path.is_dir() {
                folders.push(format!("{name}/"));
            } else if files::has_extension(&path, &["rs"]) {
                let text = fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()))?;
                sources.push((name, text));
            }
        }
    }
    sources.sort();
    Ok(scope(folder, prefix, sources.into_iter()))
}

/// The same of files that are given: their path below `folder`, and their text.
pub(super) fn scope(folder: &str, prefix: &[&str], sources: impl Iterator<Item = (String, String)>) -> Scope {
    let files: Vec<_> =
        sources.map(|(path, text)| (module(&path), path, text)).filter(|(own, ..)| !is_test(own)).collect();
    let modules: BTreeSet<_> = files.iter().filter_map(|(own, ..)| own.first().cloned()).collect();
    let mut scope = Scope { modules: modules.iter().cloned().collect(), arrows: Vec::new(), faults: Vec::new() };
    for (own, path, text) in &files {
        let Some(from) = own.first() else { continue };
        let (file, text) = (format!("{folder}/{path}"), without_tests(text));
        let lines: Vec<_> = text.lines().collect();
        for (line, names) in paths(&text) {
            let Some((to, is_use)) = target(own, prefix, &names, lines[line - 1]) else { continue };
            let written = lines[line - 1].trim();
            if modules.contains(&to) {
                if to != *from {
                    scope.arrows.push(Arrow::new(from, &to, &file, line, written));
                }
            } else if is_use {
                scope.faults.push(format!("{file}:{line}: `{to}` is imported through the root, and not by its module"));
            }
        }
    }
    scope
}

/// `photo/codec/mod.rs` and `photo/codec.rs` are both `photo::codec`; the root has no name.
fn module(path: &str) -> Vec<String> {
    let mut names: Vec<_> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    names.pop_if(|last| *last == "mod" || *last == "lib");
    names
}

fn is_test(module: &[String]) -> bool {
    module.iter().any(|name| name == "tests" || name == "test_data")
}

/// The text up to its tests, with comments blank, so that lines keep their number.
fn without_tests(text: &str) -> String {
    let code = text.lines().take_while(|line| !line.starts_with("mod tests {"));
    code.map(|line| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") }).collect()
}

/// Which child of the scope the path `names` leads to, and whether it is a whole module's import, which must name one.
fn target(own: &[String], prefix: &[&str], names: &[String], line: &str) -> Option<(String, bool)> {
    let supers = names.iter().take_while(|name| *name == "super").count();
    let inside = names.get(supers.max(1)..)?;
    if names[0] == "crate" {
        let inside = prefix.iter().try_fold(inside, |names, part| {
            names.split_first().filter(|(name, _)| name == part).map(|(_, rest)| rest)
        })?;
        return inside.first().map(|name| (name.clone(), true));
    }
    // Of what a module takes from those above it only the step out of it leads to another child of the scope. What is
    // indented may stand in a module of its own.
    (supers == own.len()).then(|| inside.first().map(|name| (name.clone(), line.starts_with("use ")))).flatten()
}

/// Each path that begins with `crate` or `super`, with its line; a group in braces is several.
fn paths(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for word in ["crate::", "super::"] {
        for (at, _) in text.match_indices(word) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                continue;
            }
            let line = text[..at].matches('\n').count() + 1;
            let mut all = Vec::new();
            tree(&text[at..], &mut Vec::new(), &mut all);
            found.extend(all.into_iter().map(|names| (line, names)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Reads `a::b::{c, d::e}` and returns what follows it.
fn tree<'t>(text: &'t str, above: &mut Vec<String>, all: &mut Vec<Vec<String>>) -> &'t str {
    let text = text.trim_start();
    let depth = above.len();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = tree(rest, above, all).trim_start();
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
        }
    }
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() {
        return rest;
    }
    above.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(more) if more.starts_with(|letter: char| letter.is_alphabetic() || letter == '_' || letter == '{') => {
            rest = tree(more, above, all);
        }
        _ => {
            all.push(above.clone());
            // `as` gives another name, which does not matter here.
            if let Some(renamed) = rest.strip_prefix(" as ") {
                rest = renamed.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
            }
        }
    }
    above.truncate(depth);
    rest
}
