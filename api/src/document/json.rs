use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::{Lines, Node, Value, Wrong};

/// The deepest nesting: recipes need six, and each level is read once more for every one above it.
const MOST_LEVELS: usize = 32;

/// The tree of a JSON text.
pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    let json = Json { text, lines: Lines::of(text) };
    let whole: &RawValue = serde_json::from_str(text).map_err(|cause| json.broken(&cause, 0))?;
    json.node(whole, 0)
}

struct Json<'t> {
    text: &'t str,
    lines: Lines,
}

impl<'t> Json<'t> {
    fn broken(&self, cause: &serde_json::Error, line: usize) -> Wrong {
        let message = cause.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let message = match (cause.classify(), message) {
            (Category::Eof, _) => "it ends before the last bracket or quote is closed",
            (_, "expected value") => "a value is missing here, or the comma before it is one too many",
            (_, "key must be a string") => "a key in quotes belongs here; JSON has no comments",
            (_, other) => other,
        };
        Wrong::new(format!("this is not JSON: {message}")).on(line.max(1) + cause.line().saturating_sub(1))
    }

    /// Raw values are slices of the text, so their address in memory gives their position.
    fn line(&self, part: &str) -> usize {
        self.lines.at((part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize))
    }

    fn node(&self, raw: &'t RawValue, level: usize) -> Result<Node, Wrong> {
        let text = raw.get();
        let line = self.line(text);
        if level > MOST_LEVELS {
            return Err(Wrong::new(format!("nested deeper than {MOST_LEVELS} levels")).on(line));
        }
        let broken = |cause: serde_json::Error| self.broken(&cause, line);
        let value = match text.as_bytes().first() {
            Some(b'{') => self.table(serde_json::from_str(text).map_err(broken)?, level)?,
            Some(b'[') => {
                let item = |(index, item): (usize, &'t RawValue)| {
                    self.node(item, level + 1).map_err(|wrong| wrong.under_index(index))
                };
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(broken)?;
                Value::List(items.into_iter().enumerate().map(item).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(serde_json::from_str(text).map_err(broken)?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            _ => match text.parse() {
                Ok(number) => Value::Whole(number),
                Err(_) => Value::Number(text.parse().unwrap_or(f64::INFINITY)),
            },
        };
        Ok(Node::new(line, value))
    }

    fn table(&self, Entries(entries): Entries<'t>, level: usize) -> Result<Value, Wrong> {
        let mut seen = HashSet::new();
        let mut table = Vec::with_capacity(entries.len());
        for (key, raw) in entries {
            if !seen.insert(key.clone()) {
                return Err(Wrong::new("this key appears twice in one object")
                    .on(self.line(raw.get()))
                    .under_key(&key));
            }
            let node = self.node(raw, level + 1).map_err(|wrong| wrong.under_key(&key))?;
            table.push((key, node));
        }
        Ok(Value::Table(table))
    }
}

/// The entries of an object, in their order.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Entries<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'t> Visitor<'t> for Each {
            type Value = Entries<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Each)
    }
}
