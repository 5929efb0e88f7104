use crate::document::{Part, Wrong};

/// What is wrong with a recipe, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", named(.key))]
pub struct RecipeFault {
    /// The line of the text, from 1; none for a recipe that was never text.
    pub line: Option<usize>,
    /// The key as a person reads it, such as `steps[1].export.quality`; empty where the text as a whole is at fault.
    pub key: String,
    /// What is wrong and what to do, in words; completes the key and a colon.
    pub message: String,
}

fn named(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("`{key}`: ") }
}

impl From<Wrong> for RecipeFault {
    fn from(wrong: Wrong) -> Self {
        Self { line: wrong.line, key: Part::join(&wrong.path), message: wrong.message }
    }
}
