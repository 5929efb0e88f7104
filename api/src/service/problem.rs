//! What went wrong: RFC 9457.

use super::Credits;
use super::open::answers;

answers! {
    /// An answer that says what went wrong, as `application/problem+json`.
    pub struct Problem {
        /// A page about this kind of problem.
        #[serde(rename = "type")]
        pub kind: String,
        /// What went wrong, in a few words; the same for each problem of this code.
        pub title: String,
        /// The status of the answer.
        pub status: u16,
        /// The stable name of this kind of problem.
        pub code: String,
        /// What went wrong here.
        pub detail: String,
        /// What to do.
        pub action: String,
        /// The id of the answer, for questions about it.
        #[serde(default)]
        pub request_id: String,
        /// What is wrong with single fields of the request.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub fields: Vec<Wrong>,
        /// How many credits the request needs, if there are too few.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub needed: Option<Credits>,
        /// How many credits it could use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub available: Option<Credits>,
    }

    /// A field of a request that is wrong.
    pub struct Wrong {
        /// Where it is: `photo.width`.
        pub field: String,
        /// What is wrong with it, and what it may be.
        pub problem: String,
    }

    /// A kind of problem.
    pub struct ErrorDescription {
        /// Its stable name.
        pub code: String,
        /// The status of answers with it.
        pub status: u16,
        /// What went wrong, in a few words.
        pub title: String,
        /// What to do.
        pub action: String,
        /// Whether the same request can succeed later, as it is.
        pub retry: bool,
    }
}
