//! Faults in a TOML document, with the line and the key that a person has to correct.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Code, Error, Result};

/// One step from the top of a document towards a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum PathPart {
    Key(&'static str),
    Index(usize),
}

/// What is wrong with one value. The value is named by its path: the line is looked up only when there is a fault.
#[derive(Debug)]
pub(super) struct DocumentFault {
    path: Vec<PathPart>,
    text: String,
}

impl DocumentFault {
    /// `text` completes the sentence that the key begins, such as "must be above 0".
    pub(super) fn new(key: &'static str, text: impl Into<String>) -> Self {
        Self { path: vec![PathPart::Key(key)], text: text.into() }
    }

    /// The same fault, seen from one table further up.
    pub(super) fn under(mut self, step: PathPart) -> Self {
        self.path.insert(0, step);
        self
    }

    /// The error for the person who wrote `document`.
    pub(super) fn in_document(self, document: &str) -> Error {
        let message = format!("`{}` {}", name(&self.path), self.text);
        let line = DeTable::parse(document).ok().map(|tree| line_at(document, start(&tree, &self.path)));
        invalid(message, line)
    }
}

/// Parses `document`; a fault names its line and key.
pub(super) fn parse<T: DeserializeOwned>(document: &str) -> Result<T> {
    toml::from_str(document).map_err(|cause| {
        let offset = cause.span().map(|span| span.start);
        let key = offset.and_then(|offset| {
            let tree = DeTable::parse(document).ok()?;
            key_at(tree.get_ref(), offset)
        });
        let message = match key {
            Some(key) => format!("`{key}`: {}", cause.message()),
            None => cause.message().to_owned(),
        };
        invalid(message, offset.map(|offset| line_at(document, offset)))
    })
}

fn invalid(message: String, line: Option<usize>) -> Error {
    let error = Error::new(Code::DescriptorInvalid, message);
    match line {
        Some(line) => error.with("line", line),
        None => error,
    }
}

fn line_at(document: &str, offset: usize) -> usize {
    document.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn name(path: &[PathPart]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            PathPart::Key(key) if name.is_empty() => name.push_str(key),
            PathPart::Key(key) => name.extend([".", key]),
            PathPart::Index(index) => name.push_str(&format!("[{index}]")),
        }
    }
    name
}

/// Where the value at `path` starts, or the nearest table above it if the key is absent.
fn start(tree: &Spanned<DeTable<'_>>, path: &[PathPart]) -> usize {
    let mut offset = tree.span().start;
    let mut table = Some(tree.get_ref());
    let mut array = None;
    for step in path {
        let value = match step {
            PathPart::Key(key) => {
                let found = table.and_then(|table| table.iter().find(|(name, _)| name.get_ref() == key));
                let Some((name, value)) = found else { break };
                offset = name.span().start;
                value
            }
            PathPart::Index(index) => {
                let Some(value) = array.and_then(|array: &toml::de::DeArray<'_>| array.get(*index)) else { break };
                offset = value.span().start;
                value
            }
        };
        table = value.get_ref().as_table();
        array = value.get_ref().as_array();
    }
    offset
}

/// The dotted name of the innermost key around `offset`.
fn key_at(table: &DeTable<'_>, offset: usize) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref();
        match within(value, offset) {
            Some(inner) if inner.starts_with('[') => Some(format!("{name}{inner}")),
            Some(inner) => Some(format!("{name}.{inner}")),
            None if key.span().contains(&offset) || value.span().contains(&offset) => Some(name.clone().into_owned()),
            None => None,
        }
    })
}

fn within(value: &Spanned<DeValue<'_>>, offset: usize) -> Option<String> {
    match value.get_ref() {
        DeValue::Table(table) => key_at(table, offset),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| match within(item, offset) {
            Some(inner) => Some(format!("[{index}].{inner}")),
            None => item.span().contains(&offset).then(|| format!("[{index}]")),
        }),
        _ => None,
    }
}
