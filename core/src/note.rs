//! Notes: what a person should know about a result although nothing failed.

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

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The stable identifiers of notes, shared by all languages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum NoteCode { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl NoteCode {
            /// Every code, in the order of this list.
            pub const ALL: &'static [NoteCode] = &[$(NoteCode::$name,)*];

            /// The identifier that programs, JSON reports and bindings see; it never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(NoteCode::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// An option was given that has no effect on this photo, with this model or in this format.
    OptionIgnored = "option_ignored";
    /// A backend could not be used, or could not load the model, and the other one ran.
    BackendFallback = "backend_fallback";
    /// The margin around a subject meets the edge of the photo that cuts it off.
    SubjectCut = "subject_cut";
    /// A margin is smaller than asked: the photo ends before it does.
    MarginClipped = "margin_clipped";
    /// The photo has floating-point samples, which were read as 16 bits and clipped to 0 to 1.
    FloatClipped = "float_clipped";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_the_same_in_json() {
        let mut seen = std::collections::HashSet::new();
        for code in NoteCode::ALL {
            assert!(seen.insert(code.as_str()), "{} stands twice", code.as_str());
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
