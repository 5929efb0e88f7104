//! Swift: what tools and batches tell, the methods of tools, and how the suite reads the options of a shared case.

pub(crate) mod batches;
pub(crate) mod cases;
pub(crate) mod tools;

use std::fmt::Write;

use packshot_api::{Fact, FactKind, Field, ImageFormat, Kind, Table, Words};

use super::{camel_name, said_by_cases, wrapped};

const HEAD: &str = "// Made from the options of packshot-api by `cargo xtask generate`. Change them there.\n";

fn comment(text: &mut String, indent: &str, about: &str) {
    for line in wrapped(about, 116 - indent.len()) {
        let _ = writeln!(text, "{}", format!("{indent}/// {line}").trim_end());
    }
}

/// The type of a fact.
fn type_of(fact: &Fact) -> String {
    let name = match fact.kind {
        FactKind::Flag => "Bool",
        FactKind::Small | FactKind::Whole => "Int",
        FactKind::Number => "Double",
        FactKind::Share => "Float",
        FactKind::Path => "String",
        FactKind::Rect | FactKind::Frame => "Rect",
        FactKind::Instances => "[Instance]",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Notes => "[Note]",
        FactKind::Failure => "PackshotError",
        FactKind::Record(record) => record.name,
        FactKind::Records(record) => return format!("[{}]", record.name),
        FactKind::Words(words) => words.name,
        FactKind::Steps => panic!("steps are data without a type"),
    };
    name.to_owned() + if fact.absent.is_some() { "?" } else { "" }
}

/// A fact of uniffi's record as the package has it.
fn converted(fact: &Fact, value: &str) -> String {
    let made = match fact.kind {
        FactKind::Small | FactKind::Whole => "Int",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Failure => "PackshotError",
        FactKind::Record(record) => record.name,
        FactKind::Records(record) => return format!("{value}.map {{ {}($0) }}", record.name),
        _ => return value.to_owned(),
    };
    match fact.absent {
        Some(_) => format!("{value}.map {{ {made}($0) }}"),
        None => format!("{made}({value})"),
    }
}

/// How cases say options.
pub(crate) fn options() -> String {
    let mut text = format!("{HEAD}\nimport Packshot\n");
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

/// How an option is read: by functions of the suite, whatever options are called.
fn value(field: &Field) -> String {
    let read = match field.kind {
        Kind::Flag
        | Kind::Whole
        | Kind::Bytes
        | Kind::Number
        | Kind::Text
        | Kind::Path
        | Kind::Picture
        | Kind::Paths => "PackshotTests.typed(value)",
        Kind::Color => "PackshotTests.color(value)",
        Kind::Margin | Kind::Area | Kind::Instances | Kind::Aspect => "PackshotTests.lengths(value)",
        Kind::Size => "Size(json: value)",
        Kind::Model => "Model(json: value)",
        Kind::Format => "PackshotTests.word(value, ImageFormat.words)",
        Kind::Words(words) => return format!("PackshotTests.word(value, {}.words)", words.name),
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
