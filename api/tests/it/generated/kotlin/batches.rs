//! What batches tell in Kotlin.

use std::fmt::Write;

use packshot_api::{BATCH_EVENT, BATCH_ITEM, BATCH_REPORT, Fact, FactKind, Facts, prose};

use super::super::{PATHS, camel_name, named};
use super::{HEAD, comment, converted, type_of};

pub(crate) fn file() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n/** What happens in a batch that is watched: photos that are finished, again and again, then the report. */\n");
    text.push_str("public sealed interface BatchEvent {\n");
    class(&mut text, "    ", "Progress", BATCH_EVENT, " : BatchEvent");
    text.push_str("\n    /** All are finished. Nothing comes after it. */\n");
    text.push_str("    public data class Done(val report: BatchReport) : BatchEvent\n}\n");
    for record in [BATCH_ITEM, BATCH_REPORT] {
        text.push('\n');
        class(&mut text, "", record.name, record, "");
    }
    text
}

fn class(text: &mut String, indent: &str, name: &str, record: &Facts, parents: &str) {
    // Steps are data without a type.
    let facts: Vec<&Fact> = record.fields.iter().filter(|fact| fact.kind != FactKind::Steps).collect();
    let paths = if facts.iter().any(|fact| fact.kind == FactKind::Path) { PATHS } else { "" };
    comment(text, indent, &(prose(record.about) + paths));
    let _ = writeln!(text, "{indent}public data class {name}(");
    for fact in &facts {
        comment(text, &format!("{indent}    "), &named(fact, "`null`"));
        let _ = writeln!(text, "{indent}    val {}: {},", camel_name(fact.name), type_of(fact));
    }
    let _ = writeln!(text, "{indent}){parents} {{");
    let _ = writeln!(text, "{indent}    internal constructor(told: packshot.ffi.{}) : this(", record.name);
    for fact in &facts {
        let value = converted(fact, &format!("told.{}", camel_name(fact.name)));
        let _ = writeln!(text, "{indent}        {value},");
    }
    let _ = writeln!(text, "{indent}    )\n{indent}}}");
}
