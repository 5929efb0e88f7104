use packshot::{Code, Error};

use crate::mirrors::ErrorKind;

/// What went wrong. The packages turn it into their own error types, one for each kind.
#[derive(Debug, uniffi::Error, thiserror::Error)]
pub enum Failure {
    /// The only one.
    #[error("{display}")]
    Raised {
        /// The stable identifier.
        code: String,
        /// The coarse class.
        kind: ErrorKind,
        /// What is wrong, without facts.
        text: String,
        /// What is wrong, with the facts: for people.
        display: String,
        /// What a person can do about it.
        remedy: String,
        /// Whether the same call may succeed if it is made again.
        retryable: bool,
        /// The facts attached, in order.
        context: Vec<Fact>,
    },
}

/// A fact attached to an error, such as `file`: `a.jpg`.
#[derive(Debug, uniffi::Record)]
pub struct Fact {
    /// What it is about.
    pub key: String,
    /// What it says.
    pub value: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let fact = |(key, value): (&str, &str)| Fact { key: key.to_owned(), value: value.to_owned() };
        Self::Raised {
            code: error.code().as_str().to_owned(),
            kind: error.kind(),
            text: error.message().to_owned(),
            display: error.to_string(),
            remedy: error.remedy().to_owned(),
            retryable: error.retryable(),
            context: error.context().map(fact).collect(),
        }
    }
}

/// An error code with its kind and remedy.
#[derive(uniffi::Record)]
pub struct CodeFacts {
    /// The stable identifier.
    pub code: String,
    /// The coarse class.
    pub kind: ErrorKind,
    /// What a person can do about it.
    pub remedy: String,
}

/// Every error code there is.
#[uniffi::export]
pub fn error_codes() -> Vec<CodeFacts> {
    let facts =
        |code: &Code| CodeFacts { code: code.as_str().to_owned(), kind: code.kind(), remedy: code.remedy().to_owned() };
    Code::ALL.iter().map(facts).collect()
}
