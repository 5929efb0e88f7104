//! The JSON Schema of recipes, generated from the tables of their options.

use serde_json::{Map, Value, json};

use crate::table::prose;
use crate::{Decode, Field, ImageFormat, Kind, Options, Schema, Step, Table, Words};

/// The JSON Schema (draft 2020-12) of a recipe's text. An option may also be a text with variables, such as
/// `"${quality}"`.
#[must_use]
pub fn recipe_schema() -> String {
    let tools = Step::ALL.iter().map(|(name, about, options)| {
        json!({
            "description": about.trim(),
            "type": "object",
            "additionalProperties": false,
            "properties": { *name: refer(options.name) },
            "required": [name],
        })
    });
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A recipe of Packshot",
        "description": "A list of steps that makes one file of one photo.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "schema": { "description": "The version of this format.", "const": Schema::NAME },
            "name": { "description": "Its name for people.", "type": ["string", "null"] },
            "description": { "description": "What it is for.", "type": ["string", "null"] },
            "variables": {
                "description": "The variables and their defaults; `${name}` stands for the value inside any text.",
                "type": "object",
                "propertyNames": { "pattern": "^[A-Za-z][A-Za-z0-9_]*$" },
                "additionalProperties": { "type": ["string", "number", "boolean"] },
            },
            "decode": { "description": "How photos are read.", "anyOf": [refer(Decode::TABLE.name), { "type": "null" }] },
            "steps": {
                "description": "What is done, in this order. `export` must be last; without it the result is a PNG.",
                "type": "array",
                "minItems": 1,
                "items": { "oneOf": tools.collect::<Vec<_>>() },
            },
        },
        "required": ["schema", "steps"],
        "$defs": definitions(),
    });
    let mut text = serde_json::to_string_pretty(&sorted(schema)).unwrap_or_default();
    text.push('\n');
    text
}

fn definitions() -> Map<String, Value> {
    let mut definitions = Map::new();
    for options in Step::ALL.iter().map(|(_, _, options)| *options).chain([Decode::TABLE]) {
        definitions.insert(options.name.to_owned(), table(options));
        for field in options.fields {
            if let Kind::Words(choice) = field.kind {
                definitions.insert(choice.name.to_owned(), words(choice));
            }
        }
    }
    let variable = json!({
        "description": "A text with at least one variable in it.",
        "type": "string",
        "pattern": "\\$\\{[A-Za-z][A-Za-z0-9_]*\\}",
    });
    let text = json!({ "type": ["string", "null"] });
    let model = json!({
        "description": "An ONNX file. Either `like` or `descriptor` defines its input and output formats.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "file": option("Path of the file.", &json!({ "type": "string" })),
            "like": option("The registry model whose input and output formats it shares.", &text),
            "descriptor": option("A descriptor of its input and output formats: the text of a TOML file.", &text),
        },
        "required": ["file"],
    });
    definitions.extend([("ModelFile".to_owned(), model), ("variable".to_owned(), variable)]);
    definitions
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn table(table: &Table) -> Value {
    let properties =
        table.fields.iter().map(|field| (field.name.to_owned(), option(&described(field), &values(field))));
    json!({
        "description": prose(table.about),
        "type": "object",
        "additionalProperties": false,
        "properties": properties.collect::<Map<_, _>>(),
    })
}

fn described(field: &Field) -> String {
    let default = field.default.map(|default| format!(" Default: {default}."));
    prose(field.about) + &default.unwrap_or_default()
}

/// An option with a value, or with a variable for it. The description is where editors expect it.
fn option(description: &str, values: &Value) -> Value {
    json!({ "description": description, "anyOf": [values, refer("variable")] })
}

fn values(field: &Field) -> Value {
    let lengths = json!({ "type": "array", "items": { "type": ["string", "number"] } });
    match field.kind {
        Kind::Flag => json!({ "type": ["boolean", "null"] }),
        Kind::Whole | Kind::Bytes => match field.bounds() {
            Some((low, high)) => json!({ "type": ["integer", "null"], "minimum": low as u64, "maximum": high as u64 }),
            None => json!({ "type": ["integer", "null"], "minimum": 0 }),
        },
        Kind::Number => match field.bounds() {
            Some((low, high)) => json!({ "type": ["number", "null"], "minimum": low, "maximum": high }),
            None => json!({ "type": ["number", "null"] }),
        },
        Kind::Text | Kind::Path | Kind::Picture => json!({ "type": ["string", "null"] }),
        Kind::Paths => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Color => {
            let sample = json!({ "type": "integer", "minimum": 0, "maximum": 255 });
            let samples = json!({ "type": "array", "items": sample, "minItems": 3, "maxItems": 4 });
            json!({ "anyOf": [{ "type": ["string", "null"] }, samples] })
        }
        Kind::Margin | Kind::Area | Kind::Instances | Kind::Aspect => {
            json!({ "anyOf": [{ "type": ["string", "number", "null"] }, lengths] })
        }
        Kind::Size => {
            let text = json!({ "type": "string", "pattern": "^([0-9]+|[0-9]+x|x[0-9]+|[0-9]+x[0-9]+)$" });
            let sides =
                json!({ "type": "array", "items": { "type": "integer", "minimum": 1 }, "minItems": 2, "maxItems": 2 });
            json!({ "anyOf": [{ "type": ["integer", "null"], "minimum": 1 }, text, sides] })
        }
        Kind::Model => json!({ "anyOf": [{ "type": ["string", "null"] }, refer("ModelFile")] }),
        Kind::Format => {
            let written: Vec<_> = ImageFormat::WRITTEN.iter().map(|format| format.as_str()).collect();
            json!({ "enum": written, "type": ["string", "null"] })
        }
        Kind::Words(words) => json!({ "anyOf": [refer(words.name), { "type": "null" }] }),
    }
}

fn words(words: &Words) -> Value {
    let choice = |(word, about): &(&str, &[&str])| json!({ "const": word, "description": prose(about) });
    json!({ "oneOf": words.choices.iter().map(choice).collect::<Vec<_>>() })
}

/// Sorts keys alphabetically, whatever features other crates enable.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
