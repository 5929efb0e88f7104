//! Ids of clauses, on which rules are based.

use std::fmt;

/// The id of one clause of a published text, such as `NARPIX-1.2d`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Clause(String);

impl Clause {
    /// The clause with this id: capital letters, a hyphen, then letters, digits and dots.
    #[must_use]
    pub fn new(id: &str) -> Option<Clause> {
        let (service, number) = id.split_once('-')?;
        let fits = !service.is_empty()
            && service.bytes().all(|letter| letter.is_ascii_uppercase())
            && !number.is_empty()
            && number.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'.');
        fits.then(|| Clause(id.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that it is a clause of: the part before the hyphen.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.split_once('-').map_or("", |(text, _)| text)
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
