use std::fmt::Write;

/// One step from the root of a document towards a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Key(String),
    Index(usize),
}

impl Part {
    /// As a person reads it: `steps[1].export.quality`.
    pub(crate) fn join(path: &[Self]) -> String {
        let mut text = String::new();
        for part in path {
            let _ = match part {
                Self::Key(key) if text.is_empty() => write!(text, "{key}"),
                Self::Key(key) => write!(text, ".{key}"),
                Self::Index(index) => write!(text, "[{index}]"),
            };
        }
        text
    }

    /// The inverse of [`join`](Self::join); keys with dots or brackets are split into parts.
    pub(crate) fn split(text: &str) -> Vec<Self> {
        let parts = text.split(['.', '[', ']']).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_or_else(|_| Self::Key(part.to_owned()), Self::Index)).collect()
    }
}
