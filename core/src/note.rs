//! Notes: what a person should know about a result although nothing failed.

pub use packshot_api::NoteCode;
use serde::{Deserialize, Serialize};

/// A remark on a successful result: something was not done as asked, or not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// The identifier, for programs.
    pub code: NoteCode,
    /// The text, for people: a sentence without a full stop that names the option, the model or the value.
    pub text: String,
}

impl Note {
    pub(crate) fn new(code: NoteCode, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// `option` had no effect; `why` follows after a colon.
    pub(crate) fn ignored(option: &str, why: impl std::fmt::Display) -> Self {
        Self::new(NoteCode::OptionIgnored, format!("`{option}` had no effect: {why}"))
    }
}
