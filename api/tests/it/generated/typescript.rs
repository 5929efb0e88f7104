//! Interfaces and unions for Node.

use std::fmt::Write;

use packshot_api::{Field, Kind, Table, Words, prose};

use super::{camel, camel_name, described, listed, tables, wrapped};

const HEAD: &str = "\
// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import type { Area, Color, Instances, Margin, ModelFile, Size } from './values.js';
";

pub(crate) fn file() -> String {
    let mut text = HEAD.to_owned();
    super::words().into_iter().for_each(|words| union(&mut text, words));
    tables().into_iter().for_each(|table| interface(&mut text, table));
    text
}

fn union(text: &mut String, words: &Words) {
    text.push('\n');
    comment(text, "", &listed(words));
    let choices: Vec<_> = words.choices.iter().map(|(word, _)| format!("'{word}'")).collect();
    let line = format!("export type {} = {};\n", words.name, choices.join(" | "));
    *text += &match line.len() > 121 {
        true => format!("export type {} =\n  {};\n", words.name, choices.join(" | ")),
        false => line,
    };
}

fn interface(text: &mut String, table: &Table) {
    text.push('\n');
    comment(text, "", &camel(&prose(table.about)));
    let _ = writeln!(text, "export interface {} {{", table.name);
    // Pictures may be more than files here: methods say how they are given.
    for field in table.fields.iter().filter(|field| field.kind != Kind::Picture) {
        comment(text, "  ", &camel(&described(field)));
        let _ = writeln!(text, "  {}?: {} | undefined;", camel_name(field.name), values(field));
    }
    text.push_str("}\n");
}

fn values(field: &Field) -> &'static str {
    match field.kind {
        Kind::Flag => "boolean",
        Kind::Whole | Kind::Bytes | Kind::Number => "number",
        Kind::Text => "string",
        Kind::Color => "Color",
        Kind::Margin => "Margin",
        Kind::Area => "Area",
        Kind::Instances => "Instances",
        Kind::Aspect => "string | number",
        Kind::Size => "Size",
        Kind::Format => "ImageFormat",
        Kind::Path | Kind::Picture => "string | URL",
        Kind::Paths => "readonly (string | URL)[]",
        Kind::Model => "string | ModelFile",
        Kind::Words(words) => words.name,
    }
}

pub(crate) fn comment(text: &mut String, indent: &str, about: &str) {
    let lines = wrapped(about, 117 - indent.len());
    match lines.as_slice() {
        [line] if line.len() + indent.len() <= 113 => {
            let _ = writeln!(text, "{indent}/** {line} */");
        }
        lines => {
            let _ = writeln!(text, "{indent}/**");
            for line in lines {
                let _ = writeln!(text, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(text, "{indent} */");
        }
    }
}

/// Imports of those names that the code, documentation apart, has in it.
pub(crate) fn imports(parts: &[(&str, &[&str])], code: &str) -> String {
    let code = code.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    let code: Vec<_> = code.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric())).collect();
    let mut text = String::new();
    for (file, names) in parts {
        let mut names: Vec<_> =
            names.iter().filter(|name| code.contains(&name.trim_start_matches("type "))).copied().collect();
        let only_types = names.iter().all(|name| name.starts_with("type "));
        if only_types {
            names.iter_mut().for_each(|name| *name = name.trim_start_matches("type "));
        }
        let how = if only_types { "import type" } else { "import" };
        let line = format!("{how} {{ {} }} from '{file}';\n", names.join(", "));
        text += &match (names.is_empty(), line.len() > 121) {
            (true, _) => continue,
            (_, true) => format!("{how} {{\n  {},\n}} from '{file}';\n", names.join(",\n  ")),
            (_, false) => line,
        };
    }
    text
}
