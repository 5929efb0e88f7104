//! The names under which Kotlin and Swift have the types of options, which uniffi makes.

use packshot_api::prose;

use super::{tables, words};

const HEAD: &str = "// Made from the options of packshot-api by `cargo xtask generate`. Change them there.\n\n";

/// Name and documentation of each type, in the order of the alphabet.
fn types() -> Vec<(&'static str, String, &'static str)> {
    let tables = tables().into_iter().map(|table| (table.name, prose(table.about), "struct"));
    let words = words().into_iter().map(|words| (words.name, prose(words.about), "enum"));
    let mut all: Vec<_> = tables.chain(words).collect();
    all.sort_unstable();
    all
}

pub(crate) fn kotlin() -> String {
    let alias = |(name, about, _): (&str, String, _)| {
        let about = about.split("\n\n").next().unwrap_or_default().to_owned();
        let about = super::wrapped(&about, 116);
        let about = match about.as_slice() {
            [line] if line.len() <= 113 => format!("/** {line} */"),
            lines => format!("/**\n * {}\n */", lines.join("\n * ")),
        };
        format!("\n{about}\npublic typealias {name} = packshot.ffi.{name}\n")
    };
    format!("{HEAD}package packshot\n{}", types().into_iter().map(alias).collect::<String>())
}

pub(crate) fn swift() -> String {
    let export = |(name, _, kind): (_, _, &str)| format!("@_exported import {kind} PackshotBindings.{name}\n");
    HEAD.to_owned() + &types().into_iter().map(export).collect::<String>()
}
