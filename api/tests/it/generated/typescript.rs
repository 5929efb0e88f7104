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

fn comment(text: &mut String, indent: &str, about: &str) {
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
