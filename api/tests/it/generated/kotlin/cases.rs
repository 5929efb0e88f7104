//! How the suite of Kotlin applies the tools of the shared cases, and reads what they tell.

use std::fmt::Write;

use packshot_api::{Fact, FactKind, TOOLS};

use super::super::facts::{all_pictures, pictures};
use super::super::{camel_name, tolerances};
use super::HEAD;

const MADE: &str = "
/** What a tool makes of a photo, in the words of the cases. */
suspend fun made(tool: String, engine: Engine, source: Source, options: JsonObject, pictures: Pictures): JsonObject =
    when (tool) {
";

pub(crate) fn file() -> String {
    let mut text = format!("{HEAD}\nimport com.google.gson.JsonObject\n\n");
    let names: Vec<_> = TOOLS.iter().map(|tool| format!("{:?}", tool.name)).collect();
    let _ = writeln!(text, "val tools = listOf({})", names.join(", "));
    text.push_str(MADE);
    for tool in TOOLS {
        let (name, method) = (tool.name, camel_name(tool.name));
        let pictures = if pictures(tool).is_empty() { "" } else { ", pictures" };
        let options = tool.options.name[..1].to_lowercase() + &tool.options.name[1..];
        let _ = writeln!(
            text,
            "        {name:?} -> engine.{method}(source, {options}(options){pictures}).use {{ facts(it) }}"
        );
    }
    text.push_str("        else -> throw Inexpressible(tool)\n    }\n");
    text.push_str("\n/** Pictures by their names. */\n");
    text.push_str("suspend fun pictures(open: suspend (String) -> Photo?): Pictures = Pictures(\n");
    for picture in all_pictures() {
        let _ = writeln!(text, "    {} = open({:?}),", camel_name(picture.name), picture.name);
    }
    text.push_str(")\n");
    text.push_str("\n/** By how much a fact of a tool may differ. */\n");
    text.push_str("fun toleranceOfFact(name: String): Double = when (name) {\n");
    for (names, most) in tolerances() {
        let _ = writeln!(text, "    {names} -> {most}");
    }
    text.push_str("    else -> 0.0\n}\n");
    for tool in TOOLS {
        let _ = writeln!(text, "\nfun facts(made: {}): JsonObject = facts(made.photo).apply {{", tool.facts.name);
        text.push_str("    addProperty(\"model\", made.ran.model)\n");
        for line in tool.facts.fields.iter().filter_map(read) {
            let _ = writeln!(text, "    {line}");
        }
        text.push_str("}\n");
    }
    text
}

/// How a fact is read, if cases have it: not a picture that always is there.
fn read(fact: &Fact) -> Option<String> {
    let (key, name) = (fact.name, camel_name(fact.name));
    match fact.kind {
        FactKind::Matte | FactKind::Trimap => {
            fact.absent.map(|_| format!("addProperty(\"{key}\", made.{name} != null)"))
        }
        FactKind::Rect | FactKind::Frame => Some(format!("add(\"{key}\", json(made.{name}))")),
        FactKind::Instances => {
            let maybe = if fact.absent.is_some() { "?" } else { "" };
            Some(format!("addProperty(\"{key}\", made.{name}{maybe}.size)"))
        }
        _ => Some(format!("addProperty(\"{key}\", made.{name})")),
    }
}
