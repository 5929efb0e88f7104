//! A recipe as text.

use std::fmt::Write;

use serde_json::Value as Json;

use super::Recipe;
use crate::document::{Node, Value};

impl Recipe {
    /// The recipe as JSON, with a line for each entry. Equal recipes give equal text, and [`Template`](crate::Template)
    /// reads it back as the same recipe.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Serialization fails only for non-text keys and custom errors, which do not occur here.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        // `${` can occur only in texts, where it would be read as a variable.
        text.replace("${", "$${")
    }

    /// The recipe as TOML, with a line for each step. Equal recipes give equal text, and [`Template`](crate::Template)
    /// reads it back as the same recipe.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // JSON keeps the order of the fields, in which a person expects them.
        let Ok(Node { value: Value::Table(entries), .. }) = Node::parse(&self.to_json()) else { return String::new() };
        let mut text = String::new();
        for (key, node) in &entries {
            match &node.value {
                Value::List(steps) if !steps.is_empty() => {
                    for step in steps {
                        text.push_str("\n[[steps]]\n");
                        let Value::Table(tools) = &step.value else { continue };
                        tools.iter().for_each(|(tool, options)| line(&mut text, tool, options));
                    }
                }
                _ => line(&mut text, key, node),
            }
        }
        text
    }

    /// Everything that determines the resulting bytes, as one line: JSON with sorted keys, without name and
    /// description. Recipes with the same steps and options have the same text.
    #[must_use]
    pub fn canonical(&self) -> String {
        let nameless = Self { name: None, description: None, ..self.clone() };
        let mut text = String::new();
        sorted(&serde_json::to_value(nameless).unwrap_or_default(), &mut text);
        text
    }
}

fn line(text: &mut String, key: &str, node: &Node) {
    let _ = write!(text, "{key} = ");
    inline(text, &node.value);
    text.push('\n');
}

fn inline(text: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Date(_) => text.push_str("\"\""),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Whole(number) => text.push_str(&number.to_string()),
        Value::Number(number) => text.push_str(&format!("{number:?}")),
        Value::Text(value) => text.push_str(&toml::Value::String(value.clone()).to_string()),
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                inline(text, &item.value);
            }
            text.push(']');
        }
        Value::Table(entries) => {
            text.push('{');
            for (index, (key, item)) in entries.iter().filter(|(_, item)| item.value != Value::Null).enumerate() {
                let _ = write!(text, "{}{key} = ", if index == 0 { " " } else { ", " });
                inline(text, &item.value);
            }
            text.push_str(if text.ends_with('{') { "}" } else { " }" });
        }
    }
}

/// Sorted here, since a feature of `serde_json` that another crate may enable keeps the order of the fields.
fn sorted(value: &Json, text: &mut String) {
    match value {
        Json::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                let _ = write!(text, "{}{}:", if index == 0 { "" } else { "," }, Json::from(key.as_str()));
                sorted(value, text);
            }
            text.push('}');
        }
        Json::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                sorted(item, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}
