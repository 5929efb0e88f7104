//! Files that are made from the tables of options: types for Node and Python, what reads the options of cases in Kotlin and
//! Swift, and the reference. `cargo xtask generate` writes them anew; without `PACKSHOT_BLESS=1`, each test says that its
//! file is not current.

mod facts;
mod kotlin;
mod names;
mod python;
mod python_facts;
mod python_tools;
mod reference;
mod swift;
mod typescript;
mod typescript_facts;
mod typescript_tools;

use std::path::Path;

use packshot_api::{
    Batch, BatchOutcome, Decode, EngineOptions, ErrorKind, Fact, FactKind, Field, Kind, ModelState, NoteCode, Options,
    Stage, Step, Table, Words, prose,
};

#[test]
fn types_for_node_are_current() {
    current("node/lib/tables.ts", &typescript::file());
}

#[test]
fn tools_and_batches_for_node_are_current() {
    current("node/lib/results.ts", &typescript_facts::results());
    current("node/lib/batch.ts", &typescript_facts::batch());
    current("node/lib/toolOptions.ts", &typescript_tools::asked());
    current("node/lib/tools.ts", &typescript_tools::methods());
    current("node/lib/functions.ts", &typescript_tools::functions());
}

#[test]
fn types_for_python_are_current() {
    current("python/packshot/options.py", &python::file());
}

#[test]
fn kotlin_has_every_tool_and_what_batches_tell() {
    current("bindings/kotlin/library/src/main/kotlin/packshot/Tools.kt", &kotlin::tools::file());
    current("bindings/kotlin/library/src/main/kotlin/packshot/BatchReports.kt", &kotlin::batches::file());
}

#[test]
fn swift_has_every_tool_and_what_batches_tell() {
    current("swift/Sources/Packshot/Tools.swift", &swift::tools::file());
    current("swift/Sources/Packshot/BatchReports.swift", &swift::batches::file());
}

#[test]
fn tools_and_batches_for_python_are_current() {
    current("python/packshot/results.py", &python_facts::results());
    current("python/packshot/batch.py", &python_facts::batch());
    current("python/packshot/tools.py", &python_tools::methods());
    current("python/packshot/aio_tools.py", &python_tools::awaited());
    current("python/packshot/functions.py", &python_tools::functions());
}

#[test]
fn the_suites_of_kotlin_and_swift_know_every_option() {
    current("bindings/kotlin/library/src/test/kotlin/packshot/CaseOptions.kt", &kotlin::options());
    current("bindings/kotlin/library/src/test/kotlin/packshot/CaseTools.kt", &kotlin::cases::file());
    current("swift/Tests/PackshotTests/CaseTables.swift", &swift::options());
    current("swift/Tests/PackshotTests/CaseTools.swift", &swift::cases::file());
}

#[test]
fn kotlin_and_swift_have_every_type() {
    current("bindings/kotlin/library/src/main/kotlin/packshot/Tables.kt", &names::kotlin());
    current("swift/Sources/Packshot/Tables.swift", &names::swift());
}

#[test]
fn the_reference_is_current() {
    current("docs/reference.md", &reference::file());
}

#[test]
fn every_range_can_be_read() {
    for field in tables().iter().flat_map(|table| table.fields) {
        assert_eq!(field.bounds().is_some(), field.range.is_some(), "{}", field.name);
        assert!(!field.about.is_empty(), "{} has no documentation", field.name);
    }
}

/// Compares a file of the repository with what it should be, or writes it.
fn current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("PACKSHOT_BLESS").is_some() {
        return std::fs::write(file, text).unwrap();
    }
    let found = std::fs::read_to_string(file).unwrap_or_default().replace('\r', "");
    assert!(found == text, "{path} is not what the options say: `cargo xtask generate` writes it anew");
}

/// All options: of the tools, of files, of batches and of engines.
fn tables() -> Vec<&'static Table> {
    let tools = Step::ALL.iter().map(|(_, _, table)| *table);
    tools.chain([Decode::TABLE, Batch::TABLE, EngineOptions::TABLE]).collect()
}

/// The options that cases set: all but those of engines.
fn said_by_cases() -> Vec<&'static Table> {
    tables().into_iter().filter(|table| table != &EngineOptions::TABLE).collect()
}

/// `keep_holes` and `keep-safe` as languages with capitals write them.
fn camel_name(name: &str) -> String {
    let mut parts = name.split(['_', '-']);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| name + &part[..1].to_uppercase() + &part[1..])
}

/// All words, in the order in which options use them, and those that only reports have.
fn words() -> Vec<&'static Words> {
    let mut all = Vec::new();
    for field in tables().iter().flat_map(|table| table.fields) {
        if let Kind::Words(words) = field.kind
            && !all.contains(&words)
        {
            all.push(words);
        }
    }
    all.extend([packshot_api::ImageFormat::WORDS, BatchOutcome::WORDS]);
    all.extend([Stage::WORDS, ErrorKind::WORDS, NoteCode::WORDS, ModelState::WORDS]);
    all
}

/// What an option does, with its range and its default.
fn described(field: &Field) -> String {
    let mut text = prose(field.about);
    for (what, value) in [("Range", field.range), ("Default", field.default)] {
        text += &value.map(|value| format!(" {what}: {value}.")).unwrap_or_default();
    }
    text
}

/// What records of batches say of their paths.
const PATHS: &str = "\n\nIn paths, `%E9` stands for a byte of a name that is not Unicode.";

/// What a fact says, and when it is absent, which the language calls `nothing`.
fn named(fact: &Fact, nothing: &str) -> String {
    let about = prose(fact.about);
    match fact.absent {
        Some(when) => format!("{}; {nothing} {when}.", about.trim_end_matches('.')),
        None => about,
    }
}

/// Names of facts, and by how much they may differ from what a case expects, which is rounded.
fn tolerances() -> Vec<(String, f64)> {
    let facts = || packshot_api::TOOLS.iter().flat_map(|tool| tool.facts.fields);
    let named = |kinds: &[FactKind], most| {
        let names: std::collections::BTreeSet<_> =
            facts().filter(|fact| kinds.contains(&fact.kind)).map(|fact| format!("{:?}", fact.name)).collect();
        (names.into_iter().collect::<Vec<_>>().join(", "), most)
    };
    let all = [named(&[FactKind::Rect], 2.05), named(&[FactKind::Number, FactKind::Share], 0.0205)];
    all.into_iter().filter(|(names, _)| !names.is_empty()).collect()
}

/// The names of options in a text, as languages with capitals write them.
fn camel(text: &str) -> String {
    let names = tables().into_iter().flat_map(|table| table.fields).map(|field| field.name);
    names
        .filter(|name| name.contains('_'))
        .fold(text.to_owned(), |text, name| text.replace(&format!("`{name}`"), &format!("`{}`", camel_name(name))))
}

/// Lines of at most `width` characters, the words in their order.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let indent = if paragraph.starts_with("- ") { "  " } else { "" };
        let mut words = paragraph.split(' ');
        let mut line = words.next().unwrap_or_default().to_owned();
        for word in words {
            if line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::replace(&mut line, format!("{indent}{word}")));
            } else {
                line = format!("{line} {word}");
            }
        }
        lines.push(line);
    }
    lines
}

/// What a choice is of, and a list of its words.
fn listed(words: &Words) -> String {
    let choices = words.choices.iter().map(|(word, about)| format!("\n- `{word}`: {}", prose(about)));
    prose(words.about) + "\n" + &choices.collect::<String>()
}
