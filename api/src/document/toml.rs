use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Lines, Node, Value, Wrong};

/// The tree of a TOML text.
pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let lines = Lines::of(text);
    let tree = DeTable::parse(text).map_err(|cause| {
        let span = cause.span().unwrap_or(text.len()..text.len());
        let line = lines.at(span.start.min(text.len()));
        Wrong::new(format!("this is not TOML: {}", in_words(cause.message(), text.get(span).unwrap_or_default())))
            .on(line)
    })?;
    Ok(Node::new(1, table(tree.into_inner(), &lines)))
}

/// More helpful messages for the most frequent mistakes.
fn in_words(message: &str, place: &str) -> String {
    match message.split(", expected").next().unwrap_or(message) {
        "duplicate key" => format!("`{place}` appears twice in one table"),
        "string values must be quoted" => "text must be in quotes, such as \"white\"".to_owned(),
        "invalid basic string" => "a quote is not closed before the end of the line, or has a wrong escape".to_owned(),
        "key with no value" => "a key has a value, such as `name = \"mine\"`".to_owned(),
        _ => message.replace('\n', " "),
    }
}

fn table(table: DeTable<'_>, lines: &Lines) -> Value {
    let mut entries: Vec<_> = table.into_iter().collect();
    // The parser sorts by name; faults are reported in the order of the text.
    entries.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (Spanned<_>, Spanned<DeValue<'_>>)| {
        let line = lines.at(key.span().start);
        (std::borrow::Cow::into_owned(key.into_inner()), Node::new(line, read(value.into_inner(), lines)))
    };
    Value::Table(entries.into_iter().map(entry).collect())
}

fn read(value: DeValue<'_>, lines: &Lines) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            i128::from_str_radix(number.as_str(), number.radix()).map_or(Value::Number(f64::INFINITY), Value::Whole)
        }
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::INFINITY)),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => {
            let item =
                |item: Spanned<DeValue<'_>>| Node::new(lines.at(item.span().start), read(item.into_inner(), lines));
            Value::List(items.into_iter().map(item).collect())
        }
        DeValue::Table(entries) => table(entries, lines),
    }
}
