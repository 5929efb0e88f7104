use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

/// A model, by name or by file. In JSON: `"u2netp"`, or `{"file": "mine.onnx", "like": "u2netp"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Model {
    /// A registry model, by id.
    Id(String),
    /// Any ONNX file, with a description of its input and output.
    File(ModelFile),
}

/// An ONNX file. Either `like` or `descriptor` defines its input and output formats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Path of the file.
    pub file: String,
    /// The registry model whose input and output formats it shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
    /// A descriptor of its input and output formats: the text of a TOML file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub descriptor: Option<String>,
}

// By hand: an untagged enum does not report which of its fields was wrong.
impl<'de> Deserialize<'de> for Model {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Model;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the id of a model, or a table with `file` and either `like` or `descriptor`")
            }

            fn visit_str<E: Error>(self, id: &str) -> Result<Model, E> {
                Ok(Model::Id(id.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Model, A::Error> {
                ModelFile::deserialize(MapAccessDeserializer::new(fields)).map(Model::File)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
