use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::{Node, Part, choices};
use crate::{EngineOptions, Step};

/// What is wrong with a document, in words for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) line: Option<usize>,
    pub(crate) path: Vec<Part>,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { line: None, path: Vec::new(), message: message.into() }
    }

    /// Adds the line, unless a nested value has set one.
    pub(crate) fn on(mut self, line: usize) -> Self {
        self.line.get_or_insert(line);
        self
    }

    /// Adds the position of `node`.
    pub(crate) fn at(mut self, node: &Node) -> Self {
        if self.line.is_none() {
            self.line = Some(node.line);
            if let Some(variable) = &node.variable {
                self.message.push_str(&Self::from_variable(variable));
            }
        }
        self
    }

    /// Adds the key of the table around it.
    pub(crate) fn under_key(mut self, key: &str) -> Self {
        self.path.insert(0, Part::Key(key.to_owned()));
        self
    }

    /// Adds the index in the list around it.
    pub(crate) fn under_index(mut self, index: usize) -> Self {
        self.path.insert(0, Part::Index(index));
        self
    }

    /// The end of a message about a value from a variable.
    pub(crate) fn from_variable(name: &str) -> String {
        format!(" (the value comes from the variable `{name}`)")
    }

    /// An unknown key.
    pub(crate) fn no_key(key: &str, known: &[&str]) -> Self {
        let known: Vec<_> = known.iter().copied().filter(|known| *known != EngineOptions::INTERNAL).collect();
        let known = known.as_slice();
        Self::new(format!("there is no `{key}`{}", choices(key, known)))
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let wanted = wanted.to_string();
        let hint = match (&found, is_number(&wanted)) {
            (Unexpected::Str(text), true) if text.trim().parse::<f64>().is_ok() => ": write it without quotes",
            (Unexpected::Str("true" | "false"), _) if wanted == "a boolean" => ": write it without quotes",
            (Unexpected::Map, _) if wanted == "a sequence" => {
                ": in TOML, write an entry of a list with two brackets, `[[steps]]`"
            }
            _ => "",
        };
        Self::new(format!("expected {}, found {}{hint}", in_words(&wanted), said(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let most = match wanted.to_string().as_str() {
            "u8" => u64::from(u8::MAX),
            "u32" => u64::from(u32::MAX),
            "u64" => u64::MAX,
            _ => return Self::invalid_type(found, wanted),
        };
        match found {
            Unexpected::Signed(number) if number < 0 => {
                Self::new(format!("{number} is out of range: it must be at least 0"))
            }
            found => Self::new(format!("{} is out of range: it must be at most {most}", said(&found))),
        }
    }

    fn invalid_length(length: usize, wanted: &dyn Expected) -> Self {
        Self::new(format!("expected {wanted}, found {length} entries"))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let what = if known == Step::NAMES { "tool" } else { "word" };
        Self::new(format!("there is no such {what}{}", choices(word, known)))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::no_key(key, known)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new("this key is missing").under_key(key)
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::new("this key appears twice").under_key(key)
    }
}

fn is_number(wanted: &str) -> bool {
    matches!(wanted, "u8" | "u32" | "u64" | "i64" | "f64")
}

fn in_words(wanted: &str) -> &str {
    match wanted {
        "u8" | "u32" | "u64" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "text",
        "a sequence" => "a list",
        table if table.starts_with("struct ") => "a table of options",
        other => other,
    }
}

fn said(found: &Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(number) => number.to_string(),
        Unexpected::Signed(number) => number.to_string(),
        Unexpected::Float(number) => format!("{number:?}"),
        Unexpected::Str(text) => format!("the text `{}`", shortened(text)),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        Unexpected::Unit => "null".to_owned(),
        other => other.to_string(),
    }
}

/// A value, shortened for a message.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}
