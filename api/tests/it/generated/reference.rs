//! The reference: every tool and its options, in plain English.

use std::fmt::Write;

use packshot_api::{Batch, Decode, EngineOptions, Field, ImageFormat, Kind, Options, Step, Table, Words, prose};

const HEAD: &str = "\
<!-- Made from the options of packshot-api by `cargo xtask generate`. Change them there. -->

# Reference

Every tool, and every option with what it takes, its range and its default. The names are those of recipes and of Python; Node,
Swift and Kotlin write `keepHoles` for `keep_holes`, and the command line `--keep-holes` (`packshot help` has the flags).
[The guide to recipes](recipes.md) shows how tools are put together.

What an option takes:

- **length**: pixels, as `20` or `20px`, or a part of the picture, as `5%`.
- **colour**: as CSS writes it (`white`, `#ff8800`), or three or four numbers from 0 to 255.
- **size**: in pixels, `2000` (the longer side), `1200x` (the width), `x800` (the height) or `1200x800`.
- **model**: the id of a model, or a file: a table with `file` and either `like`, a model that works alike, or `descriptor`.
";

pub(crate) fn file() -> String {
    let mut text = HEAD.to_owned();
    text += "\n## Tools\n";
    for (name, _, options) in Step::ALL {
        table(&mut text, &format!("`{name}`"), options);
    }
    text += "\n## Photos, batches and engines\n";
    table(&mut text, "Reading a photo (`decode`)", Decode::TABLE);
    table(&mut text, "A batch", Batch::TABLE);
    table(&mut text, "An engine", EngineOptions::TABLE);
    text += "\n## Words\n";
    super::words().into_iter().for_each(|choice| words(&mut text, choice));
    text
}

fn table(text: &mut String, title: &str, table: &Table) {
    let _ = writeln!(text, "\n### {title}\n\n{}\n", prose(table.about));
    text.push_str("| option | takes | range | default | |\n|---|---|---|---|---|\n");
    for field in table.fields {
        let (name, range, default) = (field.name, field.range.unwrap_or_default(), field.default.unwrap_or_default());
        let _ = writeln!(text, "| `{name}` | {} | {range} | {default} | {} |", values(field), prose(field.about));
    }
}

fn values(field: &Field) -> String {
    let word = |word: &str| format!("`{word}`");
    match field.kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Whole => "whole number".to_owned(),
        Kind::Bytes => "number of bytes".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Color => "colour".to_owned(),
        Kind::Margin => "1, 2 or 4 lengths".to_owned(),
        Kind::Area => "4 lengths".to_owned(),
        Kind::Instances => "`all`, `largest`, or positions".to_owned(),
        Kind::Aspect => "width to height".to_owned(),
        Kind::Size => "size".to_owned(),
        Kind::Path => "path".to_owned(),
        Kind::Picture => "path of a picture".to_owned(),
        Kind::Paths => "paths".to_owned(),
        Kind::Model => "model".to_owned(),
        Kind::Format => ImageFormat::WRITTEN.iter().map(|format| word(format.as_str())).collect::<Vec<_>>().join(", "),
        Kind::Words(words) => words.choices.iter().map(|(choice, _)| word(choice)).collect::<Vec<_>>().join(", "),
    }
}

fn words(text: &mut String, words: &Words) {
    let _ = writeln!(text, "\n### {}\n\n{}\n\n| word | |\n|---|---|", words.name, prose(words.about));
    for (word, about) in words.choices {
        let _ = writeln!(text, "| `{word}` | {} |", prose(about));
    }
}
