//! TOML and JSON as one tree in which every value has its line.
//!
//! A fault is found when the tree is read as a type, in variables, or much later, when a tool checks its options; it
//! names the same line in each case. The tree also allows our own messages: `serde` asks the error type for them.

mod closest;
mod json;
mod path;
mod read;
mod toml;
mod wrong;

use serde::de::DeserializeOwned;

pub use closest::{choices, did_you_mean};
pub(crate) use closest::{closest, listed};
pub(crate) use path::Part;
pub(crate) use wrong::Wrong;

/// A parsed text in TOML or JSON (which begins with `{`), with the line of each value.
#[derive(Debug, Clone, PartialEq)]
pub struct Document(Node);

impl Document {
    /// Parses a text.
    ///
    /// # Errors
    /// The text is not TOML, or not JSON.
    pub fn parse(text: &str) -> Result<Self, DocumentFault> {
        Ok(Self(Node::parse(text)?))
    }

    /// Parses a text in JSON.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn json(text: &str) -> Result<Self, DocumentFault> {
        Ok(Self(json::parse(text)?))
    }

    /// Reads the text as a type.
    ///
    /// # Errors
    /// A key is missing, unknown, or has a value of the wrong type; the fault has its line and the key.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DocumentFault> {
        Ok(T::deserialize(&self.0)?)
    }

    /// The line of a value, such as `model[1].id`, or of the nearest existing one above it.
    #[must_use]
    pub fn line(&self, key: &str) -> usize {
        self.0.nearest(&Part::split(key)).line
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", named(.key))]
pub struct DocumentFault {
    /// The line of the text, from 1; `None` for a document that was never text.
    pub line: Option<usize>,
    /// The key for people, such as `steps[1].export.quality`; empty for a fault of the whole text.
    pub key: String,
    /// What is wrong and what to do, in words; follows the key and a colon.
    pub message: String,
}

fn named(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("`{key}`: ") }
}

impl From<Wrong> for DocumentFault {
    fn from(wrong: Wrong) -> Self {
        Self { line: wrong.line, key: Part::join(&wrong.path), message: wrong.message }
    }
}

/// A value with its position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Its line, from 1; that of its key, if it has one in TOML.
    pub(crate) line: usize,
    pub(crate) value: Value,
    /// The variable that the value came from.
    pub(crate) variable: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Whole(i128),
    Number(f64),
    Text(String),
    Date(String),
    List(Vec<Node>),
    /// In the order of the text, without duplicate keys.
    Table(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(line: usize, value: Value) -> Self {
        Self { line, value, variable: None }
    }

    /// Parses TOML or JSON (which begins with `{`).
    pub(crate) fn parse(text: &str) -> Result<Self, Wrong> {
        match text.trim_start().starts_with('{') {
            true => json::parse(text),
            false => toml::parse(text),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            Value::Table(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The value at `path`, or the nearest existing one above it.
    pub(crate) fn nearest(&self, path: &[Part]) -> &Self {
        let mut node = self;
        for part in path {
            let inner = match (part, &node.value) {
                (Part::Key(key), _) => node.get(key),
                (Part::Index(index), Value::List(items)) => items.get(*index),
                _ => None,
            };
            match inner {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }
}

/// Offsets of the lines of a text.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1).collect())
    }

    /// The line of a byte offset, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}
