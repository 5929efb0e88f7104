//! How the suite of Swift reads the options of a shared case.

use std::fmt::Write;

use packshot_api::{Field, ImageFormat, Kind, Table, Words};

use super::{camel_name, said_by_cases};

const HEAD: &str = "\
// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import Packshot
";

pub(crate) fn file() -> String {
    let mut text = HEAD.to_owned();
    for table in said_by_cases() {
        initialiser(&mut text, table);
    }
    let mut done: Vec<&Words> = Vec::new();
    for field in said_by_cases().into_iter().flat_map(|table| table.fields) {
        let words = match field.kind {
            Kind::Words(words) => words,
            Kind::Format => ImageFormat::WORDS,
            _ => continue,
        };
        if !done.contains(&words) {
            done.push(words);
            dictionary(&mut text, words);
        }
    }
    text
}

fn initialiser(text: &mut String, table: &Table) {
    let name = table.name;
    let _ = write!(text, "\nextension {name} {{\n    init(json: Json) throws {{\n        self.init()\n");
    text.push_str("        for (key, value) in json {\n            switch key {\n");
    for field in table.fields {
        let (key, name) = (field.name, camel_name(field.name));
        let _ = writeln!(text, "            case \"{key}\": {name} = try {}", value(field));
    }
    text.push_str("            default: throw Unspeakable(what: key)\n            }\n        }\n    }\n}\n");
}

fn value(field: &Field) -> String {
    let read = match field.kind {
        Kind::Flag
        | Kind::Whole
        | Kind::Bytes
        | Kind::Number
        | Kind::Text
        | Kind::Path
        | Kind::Picture
        | Kind::Paths => "typed(value)",
        Kind::Color => "color(value)",
        Kind::Margin | Kind::Area | Kind::Instances | Kind::Aspect => "lengths(value)",
        Kind::Size => "Size(json: value)",
        Kind::Model => "Model(json: value)",
        Kind::Format => "word(value, ImageFormat.words)",
        Kind::Words(words) => return format!("word(value, {}.words)", words.name),
    };
    read.to_owned()
}

fn dictionary(text: &mut String, words: &Words) {
    let name = words.name;
    let _ = write!(text, "\nextension {name} {{\n    static var words: [String: {name}] {{\n        [\n");
    for (word, _) in words.choices {
        let _ = writeln!(text, "            \"{word}\": {name}.{},", camel_name(word));
    }
    text.push_str("        ]\n    }\n}\n");
}
