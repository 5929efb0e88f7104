//! Faults in a registry or a descriptor, with the line and the key that a person has to correct.

use packshot_api::{Document, DocumentFault};
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};

/// What is wrong with one value. The line is looked up only when there is a fault.
#[derive(Debug)]
pub(super) struct KeyFault {
    key: String,
    text: String,
}

impl KeyFault {
    /// `text` completes the sentence that the key begins, such as "must be above 0".
    pub(super) fn new(key: &str, text: impl Into<String>) -> Self {
        Self { key: key.to_owned(), text: text.into() }
    }

    /// The same fault, seen from one table further up.
    pub(super) fn under(self, table: &str) -> Self {
        Self { key: format!("{table}.{}", self.key), ..self }
    }

    /// The error for the person who wrote `document`.
    pub(super) fn in_document(self, document: &str) -> Error {
        let line = Document::parse(document).ok().map(|document| document.line(&self.key));
        invalid(format!("`{}` {}", self.key, self.text), line)
    }
}

/// Parses `document`; a fault names its line and key.
pub(super) fn parse<T: DeserializeOwned>(document: &str) -> Result<T> {
    let read = Document::parse(document).and_then(|document| document.read());
    read.map_err(|fault: DocumentFault| invalid(fault.to_string(), fault.line))
}

fn invalid(message: String, line: Option<usize>) -> Error {
    let error = Error::new(Code::DescriptorInvalid, message);
    match line {
        Some(line) => error.with("line", line),
        None => error,
    }
}
