//! Kotlin: what tools and batches tell, the methods of tools, and how the suite reads the options of a shared case.

pub(crate) mod batches;
pub(crate) mod cases;
pub(crate) mod tools;

use std::fmt::Write;

use packshot_api::{Fact, FactKind, Field, Kind, Table};

use super::{camel_name, said_by_cases, wrapped};

const HEAD: &str = "\
// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot
";

/// How cases say options.
pub(crate) fn options() -> String {
    let head = format!("{HEAD}\nimport com.google.gson.JsonObject\n");
    said_by_cases().into_iter().fold(head, |text, table| text + &function(table))
}

/// A comment of documentation, in one line if it fits.
fn comment(text: &mut String, indent: &str, about: &str) {
    let lines = wrapped(about, 117 - indent.len());
    let _ = match lines.as_slice() {
        [line] if line.len() + indent.len() <= 113 => writeln!(text, "{indent}/** {line} */"),
        lines => {
            let lines = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n");
            writeln!(text, "{indent}/**\n{}{indent} */", lines.collect::<String>())
        }
    };
}

/// The type of a fact.
fn type_of(fact: &Fact) -> String {
    let name = match fact.kind {
        FactKind::Flag => "Boolean",
        FactKind::Small => "Int",
        FactKind::Whole => "Long",
        FactKind::Number => "Double",
        FactKind::Share => "Float",
        FactKind::Path => "String",
        FactKind::Rect | FactKind::Frame => "Rect",
        FactKind::Instances => "List<Instance>",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Notes => "List<Note>",
        FactKind::Failure => "PackshotException",
        FactKind::Record(record) => record.name,
        FactKind::Records(record) => return format!("List<{}>", record.name),
        FactKind::Words(words) => words.name,
        FactKind::Steps => panic!("steps are data without a type"),
    };
    name.to_owned() + if fact.absent.is_some() { "?" } else { "" }
}

/// A fact of uniffi's record as the library has it.
fn converted(fact: &Fact, value: &str) -> String {
    let maybe = if fact.absent.is_some() { "?" } else { "" };
    let made = match fact.kind {
        FactKind::Small => return format!("{value}{maybe}.toInt()"),
        FactKind::Whole => return format!("{value}{maybe}.toLong()"),
        FactKind::Instances => return format!("{value}{maybe}.map {{ Instance(it) }}"),
        FactKind::Notes => return format!("{value}{maybe}.map {{ Note(it) }}"),
        FactKind::Records(record) => return format!("{value}{maybe}.map {{ {}(it) }}", record.name),
        FactKind::Rect | FactKind::Frame => "Rect",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Failure => "PackshotException.of",
        FactKind::Record(record) => record.name,
        _ => return value.to_owned(),
    };
    match fact.absent {
        Some(_) => format!("{value}?.let {{ {made}(it) }}"),
        None => format!("{made}({value})"),
    }
}

fn function(table: &Table) -> String {
    let name = table.name[..1].to_lowercase() + &table.name[1..];
    let mut text = format!("\nfun {name}(json: JsonObject): {} {{\n    var options = {}()\n", table.name, table.name);
    text += "    for ((key, value) in json.entrySet()) options = when (key) {\n";
    for field in table.fields {
        let (key, name) = (field.name, camel_name(field.name));
        let _ = writeln!(text, "        \"{key}\" -> options.copy({name} = {})", value(field));
    }
    text + "        else -> throw Inexpressible(key)\n    }\n    return options\n}\n"
}

fn value(field: &Field) -> String {
    let read = match field.kind {
        Kind::Flag => "value.asBoolean",
        Kind::Whole | Kind::Bytes => "whole(value)",
        Kind::Number => "value.asDouble",
        Kind::Text | Kind::Path | Kind::Picture => "value.asString",
        Kind::Color => "color(value)",
        Kind::Margin | Kind::Area => "text(value, \" \")",
        Kind::Instances => "text(value, \",\")",
        Kind::Aspect => "text(value, \":\")",
        Kind::Size => "size(value.asString)",
        Kind::Format => "word<ImageFormat>(value)",
        Kind::Paths => "value.asJsonArray.map { it.asString }",
        Kind::Model => "model(value)",
        Kind::Words(words) => return format!("word<{}>(value)", words.name),
    };
    read.to_owned()
}
