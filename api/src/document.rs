//! TOML and JSON as one tree in which every value knows its line.
//!
//! A fault is found when the tree is read as a type, in variables, or much later, when a tool looks at its options; it
//! names the same line in each case. The tree also keeps messages in our own words: `serde` asks the error type for them.

mod closest;
mod json;
mod path;
mod read;
mod toml;
mod wrong;

use serde::de::DeserializeOwned;

pub(crate) use closest::{choices, did_you_mean, listed};
pub(crate) use path::Part;
pub(crate) use wrong::Wrong;

/// A text of TOML, or of JSON, which begins with `{`: its values know their lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Document(Node);

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// The text is not TOML, or not JSON.
    pub fn parse(text: &str) -> Result<Self, DocumentFault> {
        Ok(Self(Node::parse(text)?))
    }

    /// The text as a type.
    ///
    /// # Errors
    /// A key is missing, unknown, or has another kind of value; the fault has its line and the key.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DocumentFault> {
        Ok(T::deserialize(&self.0)?)
    }

    /// The line of a value, such as `model[1].id`, or of the nearest one above it that is there.
    #[must_use]
    pub fn line(&self, key: &str) -> usize {
        self.0.nearest(&Part::split(key)).line
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", named(.key))]
pub struct DocumentFault {
    /// The line of the text, from 1; none for what was never text.
    pub line: Option<usize>,
    /// The key as a person reads it, such as `steps[1].export.quality`; empty where the text as a whole is at fault.
    pub key: String,
    /// What is wrong and what to do, in words; completes the key and a colon.
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

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Counted from 1; of its key, where TOML has one.
    pub(crate) line: usize,
    pub(crate) value: Value,
    /// The variable that this came from.
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
    /// In the order of the text; no key stands twice.
    Table(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(line: usize, value: Value) -> Self {
        Self { line, value, variable: None }
    }

    /// Reads TOML, or JSON, which begins with `{`.
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

    /// The value at `path`, or the nearest one above it that is there.
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

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}
