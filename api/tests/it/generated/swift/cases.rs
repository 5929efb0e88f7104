//! How the suite of Swift applies the tools of the shared cases, and reads what they tell.

use std::fmt::Write;

use packshot_api::{Fact, FactKind, TOOLS};

use super::super::facts::{all_pictures, pictures};
use super::super::{camel_name, tolerances};
use super::HEAD;

const MADE: &str = "
extension Engine {
    /// What a tool makes of a photo, in the words of the cases.
    func made(_ tool: String, _ source: Source, _ options: Json, _ pictures: Pictures) async throws -> Json {
        switch tool {
";

pub(crate) fn file() -> String {
    let names: Vec<_> = TOOLS.iter().map(|tool| format!("{:?}", tool.name)).collect();
    let mut text = format!("{HEAD}\nimport Packshot\n\nlet tools = [{}]\n{MADE}", names.join(", "));
    for tool in TOOLS {
        let pictures = if pictures(tool).is_empty() { "" } else { ", pictures: pictures" };
        let (name, method, options) = (tool.name, camel_name(tool.name), tool.options.name);
        let _ = writeln!(text, "        case {name:?}:");
        let _ =
            writeln!(text, "            return try await {method}(source, {options}(json: options){pictures}).facts");
    }
    text.push_str("        default: throw Unspeakable(what: tool)\n        }\n    }\n}\n");
    text.push_str("\nextension Pictures {\n    /// Pictures by their names.\n");
    text.push_str("    init(_ open: (String) async throws -> Photo?) async throws {\n        self.init()\n");
    for picture in all_pictures() {
        let _ = writeln!(text, "        {} = try await open({:?})", camel_name(picture.name), picture.name);
    }
    text.push_str("    }\n}\n");
    text.push_str("\n/// By how much a fact of a tool may differ.\nfunc toleranceOfFact(_ name: String) -> Double {\n");
    text.push_str("    switch name {\n");
    for (names, most) in tolerances() {
        let _ = writeln!(text, "    case {names}: {most}");
    }
    text.push_str("    default: 0\n    }\n}\n");
    for tool in TOOLS {
        let _ = writeln!(text, "\nextension {} {{\n    var facts: Json {{", tool.facts.name);
        text.push_str("        var facts = photo.facts\n        facts[\"model\"] = ran.model as Any\n");
        for (key, value) in tool.facts.fields.iter().filter_map(read) {
            let _ = writeln!(text, "        facts[{key:?}] = {value}");
        }
        text.push_str("        return facts\n    }\n}\n");
    }
    text
}

/// How a fact is read, if cases have it: not a picture that always is there.
fn read(fact: &Fact) -> Option<(&'static str, String)> {
    let name = camel_name(fact.name);
    let maybe = if fact.absent.is_some() { "?" } else { "" };
    let value = match (fact.kind, fact.absent) {
        (FactKind::Matte | FactKind::Trimap, None) => return None,
        (FactKind::Matte | FactKind::Trimap, Some(_)) => return Some((fact.name, format!("{name} != nil"))),
        (FactKind::Rect | FactKind::Frame, _) => format!("{name}{maybe}.numbers"),
        (FactKind::Instances, _) => format!("{name}{maybe}.count"),
        (FactKind::Share, None) => format!("Double({name})"),
        (FactKind::Share, Some(_)) => format!("{name}.map {{ Double($0) }}"),
        _ => name,
    };
    let value = if fact.absent.is_some() { format!("{value} as Any") } else { value };
    Some((fact.name, value))
}
