//! The JSON Schema of what the derive cannot see: texts that may be numbers, and words.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::{ImageFormat, Model, ModelFile, Recipe, Size};

/// The JSON Schema (draft 2020-12) of a recipe's text. An option may also be a text with variables, such as
/// `"${quality}"`.
#[must_use]
pub fn recipe_schema() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Recipe>();
    schema.insert("title".to_owned(), "A recipe of Packshot".into());
    let mut value = schema.to_value();
    let variables = json!({
        "description": "The variables and their defaults; `${name}` stands for the value inside any text.",
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z][A-Za-z0-9_]*$" },
        "additionalProperties": { "type": ["string", "number", "boolean"] },
    });
    if let Some(properties) = value.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("variables".to_owned(), variables);
    }
    if let Some(definitions) = value.get_mut("$defs").and_then(Value::as_object_mut) {
        definitions.iter_mut().filter(|(_, schema)| schema.get("properties").is_some()).for_each(|(_, schema)| {
            let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
            properties.into_iter().flat_map(Map::values_mut).for_each(or_variable);
        });
        definitions.insert(
            "variable".to_owned(),
            json!({
                "description": "A text with at least one variable in it.",
                "type": "string",
                "pattern": "\\$\\{[A-Za-z][A-Za-z0-9_]*\\}",
            }),
        );
    }
    let mut text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    text.push('\n');
    text
}

/// An option with a value, or with a variable for it. The description stays where editors look for it.
fn or_variable(option: &mut Value) {
    let Some(object) = option.as_object_mut() else { return };
    let description = object.remove("description");
    let plain = std::mem::take(object);
    object.extend(description.map(|description| ("description".to_owned(), description)));
    object.insert("anyOf".to_owned(), json!([plain, { "$ref": "#/$defs/variable" }]));
}

/// Keys in the order of the alphabet, whatever features other crates turn on.
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

pub(crate) fn words(words: &[(&str, &str)]) -> Schema {
    let choice = |(word, about): &(&str, &str)| json!({ "const": word, "description": about.trim() });
    json_schema!({ "oneOf": words.iter().map(choice).collect::<Vec<_>>() })
}

pub(crate) fn format(_: &mut SchemaGenerator) -> Schema {
    let written: Vec<_> = ImageFormat::WRITTEN.iter().map(|format| format.as_str()).collect();
    json_schema!({ "enum": written, "type": ["string", "null"] })
}

pub(crate) fn color(_: &mut SchemaGenerator) -> Schema {
    let sample = json!({ "type": "integer", "minimum": 0, "maximum": 255 });
    json_schema!({ "anyOf": [
        { "type": ["string", "null"] },
        { "type": "array", "items": sample, "minItems": 3, "maxItems": 4 },
    ] })
}

pub(crate) fn lengths(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [
        { "type": ["string", "number", "null"] },
        { "type": "array", "items": { "type": ["string", "number"] } },
    ] })
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`2000` (the longer side), `1200x` (the width), `x800` (the height) or `1200x800` (a box).",
            "anyOf": [
                { "type": "integer", "minimum": 1 },
                { "type": "string", "pattern": "^([0-9]+|[0-9]+x|x[0-9]+|[0-9]+x[0-9]+)$" },
            ],
        })
    }
}

impl JsonSchema for Model {
    fn schema_name() -> Cow<'static, str> {
        "Model".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The id of a model, or a file with what it expects.",
            "anyOf": [{ "type": "string" }, generator.subschema_for::<ModelFile>()],
        })
    }
}

impl JsonSchema for crate::Schema {
    fn schema_name() -> Cow<'static, str> {
        "Schema".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": Self::NAME })
    }
}
