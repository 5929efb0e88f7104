//! What tools make and what batches tell, for Node.

use std::fmt::Write;

use packshot_api::{Fact, FactKind, Facts, TOOLS, Tool, prose};

use super::facts::{BATCH, is_picture};
use super::typescript::{comment, imports};
use super::{PATHS, camel, camel_name, named};

const HEAD: &str = "// Made from the facts of packshot-api by `cargo xtask generate`. Change them there.\n";

/// What the code is made of, and where it is. A type is written with the word.
const PARTS: &[(&str, &[&str])] = &[
    (
        "./facts.js",
        &[
            "camelKeys",
            "failureOf",
            "instanceOf",
            "rectOf",
            "told",
            "type BatchFailure",
            "type Data",
            "type Instance",
            "type Note",
            "type Ran",
            "type Rect",
        ],
    ),
    ("./native.js", &["type NativeMade"]),
    ("./photo.js", &["Photo", "photoOf"]),
];

/// With the words that facts may be.
fn module(body: &str) -> String {
    let words: Vec<_> = super::words().into_iter().map(|words| format!("type {}", words.name)).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let parts: Vec<_> = PARTS.iter().copied().chain([("./tables.js", &words[..])]).collect();
    format!("{HEAD}\n{}{body}", imports(&parts, body))
}

/// What the tools make.
pub(crate) fn results() -> String {
    let mut body = String::new();
    TOOLS.iter().for_each(|tool| result(&mut body, tool));
    module(&body)
}

/// What batches tell.
pub(crate) fn batch() -> String {
    let mut body = String::new();
    BATCH.iter().for_each(|facts| record(&mut body, facts));
    module(&body)
}

fn result(text: &mut String, tool: &Tool) {
    let facts = tool.facts;
    text.push('\n');
    comment(text, "", &camel(&prose(facts.about)));
    let _ = writeln!(text, "export class {} extends Photo {{", facts.name);
    attributes(text, facts, "readonly ");
    comment(text, "  ", "What did the work, and how long it took.");
    text.push_str(
        "  readonly ran: Ran;\n\n  /** @internal */\n  constructor(made: NativeMade) {\n    super(made.photo);\n",
    );
    let mut parts = Vec::new();
    if facts.fields.iter().any(|fact| !is_picture(fact)) {
        parts.push("facts");
    }
    if facts.fields.iter().any(is_picture) {
        parts.push("pictures");
    }
    let _ = writeln!(text, "    const {{ {} }} = told(made);", parts.join(", "));
    for fact in facts.fields {
        let _ = writeln!(text, "    this.{} = {};", camel_name(fact.name), read(fact));
    }
    text.push_str("    this.ran = made.ran;\n  }\n}\n");
}

fn record(text: &mut String, facts: &Facts) {
    text.push('\n');
    let paths = facts.fields.iter().any(|fact| fact.kind == FactKind::Path);
    let names = if paths { PATHS } else { "" };
    comment(text, "", &camel(&(prose(facts.about) + names)));
    let _ = writeln!(text, "export interface {} {{", facts.name);
    attributes(text, facts, "");
    let read_by = reader(facts);
    let _ = writeln!(text, "}}\n\n/** @internal */\nexport function {read_by}(facts: Data): {} {{", facts.name);
    text.push_str("  return {\n");
    facts.fields.iter().for_each(|fact| *text += &format!("    {}: {},\n", camel_name(fact.name), read(fact)));
    text.push_str("  };\n}\n");
}

/// `batchItemOf`, which reads a `BatchItem`.
fn reader(facts: &Facts) -> String {
    format!("{}{}Of", facts.name[..1].to_lowercase(), &facts.name[1..])
}

fn attributes(text: &mut String, facts: &Facts, how: &str) {
    for fact in facts.fields {
        comment(text, "  ", &camel(&named(fact, "`null`")));
        let absent = if fact.absent.is_some() { " | null" } else { "" };
        let _ = writeln!(text, "  {how}{}: {}{absent};", camel_name(fact.name), values(fact));
    }
}

fn values(fact: &Fact) -> String {
    let name = match fact.kind {
        FactKind::Flag => "boolean",
        FactKind::Small | FactKind::Whole | FactKind::Number | FactKind::Share => "number",
        FactKind::Path => "string",
        FactKind::Rect | FactKind::Frame => "Rect",
        FactKind::Instances => "readonly Instance[]",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Notes => "Note[]",
        FactKind::Failure => "BatchFailure",
        FactKind::Steps => "Record<string, unknown>[]",
        FactKind::Record(facts) => facts.name,
        FactKind::Records(facts) => return format!("{}[]", facts.name),
        FactKind::Words(words) => words.name,
    };
    name.to_owned()
}

/// How a fact is read from JSON in which what is absent is `null`, or left out.
fn read(fact: &Fact) -> String {
    let here = format!("{}.{}", if is_picture(fact) { "pictures" } else { "facts" }, fact.name);
    let known = match fact.kind {
        FactKind::Rect | FactKind::Frame => format!("rectOf({here})"),
        FactKind::Instances => format!("{here}.map(instanceOf)"),
        FactKind::Matte | FactKind::Trimap => format!("photoOf({here})"),
        FactKind::Notes => return format!("{here} ?? []"),
        FactKind::Failure => format!("failureOf({here})"),
        FactKind::Steps => return format!("camelKeys({here} ?? [])"),
        FactKind::Record(facts) => format!("{}({here})", reader(facts)),
        FactKind::Records(facts) => format!("{here}.map({})", reader(facts)),
        _ if fact.absent.is_some() => return format!("{here} ?? null"),
        _ => return here,
    };
    if fact.absent.is_some() { format!("{here} == null ? null : {known}") } else { known }
}
