//! What tools make and what batches tell, as classes for Python.

use std::fmt::Write;

use packshot_api::{Fact, FactKind, Facts, TOOLS, Tool, prose};

use super::facts::{BATCH, is_picture};
use super::named;
use super::python::{docstring, imports, listed_names};

const HEAD: &str = "# Made from the facts of packshot-api by `cargo xtask generate`. Change them there.\n";

/// What the classes are made of, and where it is.
const PARTS: &[(&str, &[&str])] = &[
    ("collections.abc", &["Mapping"]),
    ("dataclasses", &["dataclass"]),
    ("pathlib", &["Path"]),
    ("typing", &["Any"]),
    ("", &[]),
    ("._running", &["Made"]),
    (".errors", &["PackshotError"]),
    (".facts", &["Instance", "Note", "Ran", "Rect", "failure", "path"]),
    (".photo", &["Photo"]),
];

/// With the words that facts may be.
fn module(about: &str, body: &str) -> String {
    let mut words: Vec<_> = super::words().into_iter().map(|words| words.name).collect();
    words.sort_unstable();
    let mut parts = PARTS.to_vec();
    parts.insert(parts.len() - 1, (".options", &words[..]));
    format!("{HEAD}\"\"\"{about}\"\"\"\n\nfrom __future__ import annotations\n\n{}{body}", imports(&parts, body, ""))
}

/// What the tools make.
pub(crate) fn results() -> String {
    let mut body = format!("\n{}", listed_names(TOOLS.iter().map(|tool| tool.facts.name)));
    TOOLS.iter().for_each(|tool| result(&mut body, tool));
    module("What tools make: photos that know what was found.", &body)
}

/// What batches tell.
pub(crate) fn batch() -> String {
    let mut body = String::new();
    BATCH.iter().for_each(|facts| record(&mut body, facts));
    module("What a batch says while it runs, and when it ends.", &body)
}

fn result(text: &mut String, tool: &Tool) {
    let facts = tool.facts;
    let _ = writeln!(text, "\n\nclass {}(Photo):", facts.name);
    docstring(text, "    ", &format!("{}\n\nIt is a `Photo`.", prose(facts.about)));
    let mut names: Vec<_> = facts.fields.iter().map(|fact| fact.name).chain(["ran"]).collect();
    names.sort_unstable();
    let _ = writeln!(text, "\n    __slots__ = (");
    names.iter().for_each(|name| *text += &format!("        {name:?},\n"));
    text.push_str("    )\n\n");
    attributes(text, facts);
    text.push_str("    ran: Ran\n    \"\"\"What did the work, and how long it took.\"\"\"\n");
    text.push_str("\n    def __init__(self, made: Made) -> None:\n");
    docstring(text, "        ", &format!("Made by `Engine.{}`.", tool.name));
    text.push_str("        self._native, self.ran = made.photo, made.ran\n");
    if facts.fields.iter().any(is_picture) {
        text.push_str("        pictures = made.pictures\n");
    }
    if facts.fields.iter().any(|fact| !is_picture(fact)) {
        text.push_str("        facts = made.facts\n");
    }
    facts.fields.iter().for_each(|fact| *text += &format!("        self.{} = {}\n", fact.name, read(fact)));
}

fn record(text: &mut String, facts: &Facts) {
    let _ = writeln!(text, "\n\n@dataclass(frozen=True)\nclass {}:", facts.name);
    docstring(text, "    ", &prose(facts.about));
    text.push('\n');
    attributes(text, facts);
    let _ = writeln!(text, "\n    @classmethod\n    def of(cls, facts: Mapping[str, Any]) -> {}:", facts.name);
    docstring(text, "        ", "Made from what the native half returns.\n\n:meta private:");
    text.push_str("        return cls(\n");
    facts.fields.iter().for_each(|fact| *text += &format!("            {}={},\n", fact.name, read(fact)));
    text.push_str("        )\n");
}

fn attributes(text: &mut String, facts: &Facts) {
    for fact in facts.fields {
        let absent = if fact.absent.is_some() { " | None" } else { "" };
        let _ = writeln!(text, "    {}: {}{absent}", fact.name, values(fact));
        docstring(text, "    ", &named(fact, "`None`"));
    }
}

fn values(fact: &Fact) -> String {
    let name = match fact.kind {
        FactKind::Flag => "bool",
        FactKind::Small | FactKind::Whole => "int",
        FactKind::Number | FactKind::Share => "float",
        FactKind::Path => "Path",
        FactKind::Rect | FactKind::Frame => "Rect",
        FactKind::Instances => "list[Instance]",
        FactKind::Matte | FactKind::Trimap => "Photo",
        FactKind::Notes => "list[Note]",
        FactKind::Failure => "PackshotError",
        FactKind::Steps => "list[dict[str, Any]]",
        FactKind::Record(facts) => facts.name,
        FactKind::Records(facts) => return format!("list[{}]", facts.name),
        FactKind::Words(words) => words.name,
    };
    name.to_owned()
}

/// How a fact is read from JSON in which what is absent is `null`, or left out.
fn read(fact: &Fact) -> String {
    let name = fact.name;
    let here = if is_picture(fact) { format!("pictures[{name:?}]") } else { format!("facts[{name:?}]") };
    let known = match fact.kind {
        FactKind::Path => format!("path(facts, {name:?})"),
        FactKind::Rect | FactKind::Frame => format!("Rect(**{here})"),
        FactKind::Instances => format!("[Instance.of(one) for one in {here}]"),
        FactKind::Matte | FactKind::Trimap => format!("Photo._of({here})"),
        FactKind::Notes => return format!("[Note(**note) for note in facts.get({name:?}, ())]"),
        FactKind::Failure => format!("failure({here})"),
        FactKind::Steps => return format!("list(facts.get({name:?}, ()))"),
        FactKind::Record(facts) => format!("{}.of({here})", facts.name),
        FactKind::Records(facts) => format!("[{}.of(one) for one in {here}]", facts.name),
        _ if fact.absent.is_some() => return format!("facts.get({name:?})"),
        _ => return here,
    };
    let absent = here.replace(&format!("[{name:?}]"), &format!(".get({name:?})"));
    if fact.absent.is_some() { format!("None if {absent} is None else {known}") } else { known }
}
