//! The privacy policy that the service obeys.

use super::open::answers;

answers! {
    /// The privacy policy.
    pub struct PolicyDocument {
        /// The name of the service.
        pub service: String,
        /// The version.
        pub version: String,
        /// The SHA-256 of its canonical form, in hexadecimal.
        pub hash: String,
        /// The day when it takes effect.
        pub effective: String,
        /// The whole text, in the format `packshot.policy/1`.
        pub text: String,
        /// What the text leaves open, and what was chosen.
        pub open_points: Vec<OpenPoint>,
    }

    /// A point that a policy leaves open.
    pub struct OpenPoint {
        /// The clauses.
        pub clauses: Vec<String>,
        /// What is open.
        pub question: String,
        /// What was chosen.
        pub choice: String,
    }
}
