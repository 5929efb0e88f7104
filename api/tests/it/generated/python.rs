//! Typed dictionaries and literals for Python.

use std::fmt::Write;

use packshot_api::{Field, Kind, Table, Words, prose};

use super::{described, listed, tables, wrapped};

const HEAD: &str = r#"# Made from the options of packshot-api by `cargo xtask generate`. Change them there.
"""What tools, files and engines can be asked for.

Every option may be left out, or be `None`, which is the same: the core has the defaults. Lengths are written as CSS
does: `20` and `"20px"` are pixels, `"5%"` is a part of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from .values import Color, Length, ModelFile, Path, Size
"#;

/// Options that are arguments of their own, or that come from the package manager.
const APART: &[(&str, &str)] =
    &[("Encode", "format"), ("Batch", "inputs"), ("Batch", "output"), ("EngineOptions", "offered_ort_library")];

pub(crate) fn file() -> String {
    let mut text = HEAD.to_owned();
    text.push('\n');
    super::words().into_iter().for_each(|words| literal(&mut text, words));
    tables().into_iter().for_each(|table| dictionary(&mut text, table));
    text.trim_end().to_owned() + "\n"
}

fn literal(text: &mut String, words: &Words) {
    let choices: Vec<_> = words.choices.iter().map(|(word, _)| format!("{word:?}")).collect();
    let line = format!("{} = Literal[{}]\n", words.name, choices.join(", "));
    *text += &match line.len() > 121 {
        true => format!("{} = Literal[\n    {},\n]\n", words.name, choices.join(",\n    ")),
        false => line,
    };
    let _ = writeln!(text, "\"\"\"{}\n\"\"\"\n", wrapped(&listed(words), 117).join("\n"));
}

fn dictionary(text: &mut String, table: &Table) {
    let name = format!("{}Options", table.name.trim_end_matches("Options"));
    let _ = writeln!(text, "\nclass {name}(TypedDict, total=False):");
    docstring(text, "    ", &prose(table.about));
    text.push('\n');
    for field in given(table) {
        let _ = writeln!(text, "    {}: {} | None", field.name, values(field));
        docstring(text, "    ", &described(field));
    }
    text.push('\n');
}

/// The options that are keywords without an argument of their own. Pictures may be more than files here: methods say how they
/// are given, and the colour that is one argument with one.
pub(crate) fn given(table: &Table) -> impl Iterator<Item = &'static Field> {
    let with_picture = |field: &Field| table.field(&format!("{}_picture", field.name)).is_some();
    let apart = move |field: &Field| {
        field.kind == Kind::Picture || with_picture(field) || APART.contains(&(table.name, field.name))
    };
    table.fields.iter().filter(move |field| !apart(field))
}

fn values(field: &Field) -> &'static str {
    match field.kind {
        Kind::Flag => "bool",
        Kind::Whole | Kind::Bytes => "int",
        Kind::Number => "float",
        Kind::Text => "str",
        Kind::Color => "Color",
        Kind::Margin => "Length | Sequence[Length]",
        Kind::Area => "str | Sequence[Length]",
        Kind::Instances => "str | Sequence[int]",
        Kind::Aspect => "str | float",
        Kind::Size => "Size",
        Kind::Format => "ImageFormat",
        Kind::Path | Kind::Picture => "Path",
        Kind::Paths => "Sequence[Path]",
        Kind::Model => "str | ModelFile",
        Kind::Words(words) => words.name,
    }
}

/// A docstring as ruff wants it: the first line is a paragraph, or the only one.
pub(crate) fn docstring(text: &mut String, indent: &str, about: &str) {
    let lines =
        wrapped(about, 114 - indent.len()).into_iter().map(|line| format!("{indent}{line}").trim_end().to_owned());
    let lines = lines.collect::<Vec<_>>().join("\n");
    let end = if about.contains("\n\n") { format!("\n{indent}") } else { String::new() };
    let _ = writeln!(text, "{indent}\"\"\"{}{end}\"\"\"", lines.trim_start());
}

/// What a module offers.
pub(crate) fn listed_names(names: impl Iterator<Item = &'static str>) -> String {
    let mut names: Vec<_> = names.map(|name| format!("    {name:?},\n")).collect();
    names.sort();
    format!("__all__ = [\n{}]\n", names.concat())
}

/// Imports of those names that the code, documentation apart, has in it. A module without a name parts two groups.
pub(crate) fn imports(parts: &[(&str, &[&str])], code: &str, indent: &str) -> String {
    let code = code.split("\"\"\"").step_by(2).collect::<Vec<_>>().concat();
    let mut words: Vec<_> = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    words.sort_unstable();
    let used = |name: &&&str| words.binary_search(*name).is_ok();
    let mut groups = vec![String::new()];
    for (module, names) in parts {
        let names: Vec<_> = names.iter().filter(used).copied().collect();
        match (groups.last_mut(), module.is_empty()) {
            (Some(group), false) if !names.is_empty() => {
                let line = format!("{indent}from {module} import {}\n", names.join(", "));
                let each = |name: &&str| format!("{indent}    {name},\n");
                let lines: String = names.iter().map(each).collect();
                let lines = format!("{indent}from {module} import (\n{lines}{indent})\n");
                group.push_str(if line.len() > 121 { &lines } else { &line });
            }
            (_, true) => groups.push(String::new()),
            _ => {}
        }
    }
    groups.retain(|group| !group.is_empty());
    groups.join("\n")
}
