//! The proof that a record is gone: what it was, why it had to go, and what was checked.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::note::{NoteError, NoteSigner, NoteVerifier};

/// The first line of a proof.
const FORMAT: &str = "packshot.purge-proof/1";

/// What a service says of a record that it removed. Nothing in it is personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// The name of the service.
    pub service: String,
    /// The id of the record.
    pub record: String,
    /// Its class.
    pub class: String,
    /// The rule of the policy that ended it.
    pub rule: String,
    /// The version of the policy, and the hash of its content in hexadecimal.
    pub policy: (String, String),
    /// By when it had to be gone.
    pub due: Timestamp,
    /// When it was.
    pub gone: Timestamp,
    /// What was looked for afterwards and not found, such as `content` and `key`.
    pub checked: Vec<String>,
}

impl Purged {
    /// The proof: lines of text with the service's signature.
    #[must_use]
    pub fn signed(&self, signer: &NoteSigner) -> String {
        let mut text = format!("{FORMAT}\n");
        let (version, hash) = &self.policy;
        let lines = [
            ("service", self.service.clone()),
            ("record", self.record.clone()),
            ("class", self.class.clone()),
            ("rule", self.rule.clone()),
            ("policy", format!("{version} {hash}")),
            ("due", self.due.to_string()),
            ("gone", self.gone.to_string()),
            ("checked", self.checked.join(", ")),
        ];
        for (name, value) in lines {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} {}", crate::plain::plain(&value));
        }
        signer.sign(&text)
    }

    /// Reads a proof, and checks that a service signed it.
    ///
    /// # Errors
    ///
    /// Why it is none, or not this service's.
    pub fn verified(note: &str, verifier: &NoteVerifier) -> Result<Purged, NoteError> {
        let mut lines = verifier.open(note)?.lines();
        if lines.next() != Some(FORMAT) {
            return Err(NoteError::NoNote);
        }
        let mut line = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned);
        let mut read = || {
            Some(Purged {
                service: line("service")?,
                record: line("record")?,
                class: line("class")?,
                rule: line("rule")?,
                policy: line("policy")?.split_once(' ').map(|(version, hash)| (version.to_owned(), hash.to_owned()))?,
                due: line("due")?.parse().ok()?,
                gone: line("gone")?.parse().ok()?,
                checked: line("checked")?.split(", ").map(str::to_owned).collect(),
            })
        };
        read().ok_or(NoteError::NoNote)
    }

    /// Whether it was gone in time.
    #[must_use]
    pub fn in_time(&self) -> bool {
        self.gone <= self.due
    }
}
