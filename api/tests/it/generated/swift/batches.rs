//! What batches tell in Swift.

use std::fmt::Write;

use packshot_api::{BATCH_EVENT, BATCH_ITEM, BATCH_REPORT, Fact, FactKind, Facts, prose};

use super::super::{PATHS, camel_name, named};
use super::{HEAD, comment, converted, type_of};

pub(crate) fn file() -> String {
    let mut text = format!("{HEAD}\nimport PackshotBindings\n");
    // An event of a batch is either this or the report.
    record(&mut text, "BatchProgress", BATCH_EVENT);
    record(&mut text, BATCH_ITEM.name, BATCH_ITEM);
    record(&mut text, BATCH_REPORT.name, BATCH_REPORT);
    text
}

fn record(text: &mut String, name: &str, record: &Facts) {
    // Steps are data without a type.
    let facts: Vec<&Fact> = record.fields.iter().filter(|fact| fact.kind != FactKind::Steps).collect();
    let paths = if facts.iter().any(|fact| fact.kind == FactKind::Path) { PATHS } else { "" };
    text.push('\n');
    comment(text, "", &(prose(record.about) + paths));
    let _ = writeln!(text, "public struct {name}: Sendable {{");
    for fact in &facts {
        comment(text, "    ", &named(fact, "`nil`"));
        let _ = writeln!(text, "    public let {}: {}", camel_name(fact.name), type_of(fact));
    }
    let _ = writeln!(text, "\n    init(_ told: PackshotBindings.{}) {{", record.name);
    for fact in &facts {
        let field = camel_name(fact.name);
        let _ = writeln!(text, "        {field} = {}", converted(fact, &format!("told.{field}")));
    }
    text.push_str("    }\n}\n");
}
