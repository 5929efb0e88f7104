//! How the suite of Kotlin reads the options of a shared case.

use std::fmt::Write;

use packshot_api::{Field, Kind, Table};

use super::{camel_name, said_by_cases};

const HEAD: &str = "\
// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

package packshot

import com.google.gson.JsonObject
";

pub(crate) fn file() -> String {
    said_by_cases().into_iter().fold(HEAD.to_owned(), |text, table| text + &function(table))
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
