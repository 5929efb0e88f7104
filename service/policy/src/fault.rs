//! Faults in the text of a policy: where, which key, and what to do.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $remedy:literal;)*) => {
        /// The stable identifiers of everything that can be wrong with a policy's text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FaultCode { $($(#[$doc])* $name,)* }

        impl FaultCode {
            /// Every code, in the order of this list.
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$name,)*];

            /// The identifier that programs see; it never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(FaultCode::$name => $text,)* }
            }

            /// What a person can do, in one sentence.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(FaultCode::$name => $remedy,)* }
            }
        }
    };
}

codes! {
    /// The text is not TOML.
    Syntax = "policy_syntax", "Correct the line; the file is TOML.";
    /// The first line names another format, or none.
    Schema = "policy_schema", "Begin the file with `schema = \"packshot.policy/1\"`.";
    /// A key that this format does not have.
    UnknownKey = "policy_unknown_key", "Correct the spelling, or remove the key: nothing in a policy is skipped silently.";
    /// A key that must be there is not.
    MissingKey = "policy_missing_key", "Add the key or section.";
    /// A value of the wrong kind.
    WrongKind = "policy_wrong_kind", "Write the kind of value that the message asks for.";
    /// A word that is not one of the choices.
    UnknownWord = "policy_unknown_word", "Choose one of the words in the message.";
    /// A period that cannot be read.
    Period = "policy_period", "Write a number and a unit, longest unit first: `24h`, `30d`, `7bd`, `12mo`, `7y90d`.";
    /// A list that must not be empty.
    EmptyList = "policy_empty_list", "Write at least one entry.";
    /// A date without its day, or none at all.
    IncompleteDate = "effective_date_incomplete", "Give the exact day, such as `2025-10-01`; a text that only names the month needs an `[[open]]` point.";
    /// A time zone that does not exist.
    TimeZone = "policy_time_zone", "Use a name of the IANA time zone database, such as `UTC` or `Europe/Berlin`.";
    /// Two things have the same id.
    Duplicate = "policy_duplicate", "Give each its own id.";
    /// A rule names a data class, group, plan or consent that the policy does not declare.
    UnknownName = "policy_unknown_name", "Declare it in its own section, or correct the spelling.";
    /// A rule that contradicts itself or says nothing.
    Rule = "policy_rule", "Complete or correct the rule; the message names the keys that do not fit.";
    /// An entry without a clause.
    NoClause = "policy_no_clause", "Name the clauses of the published text behind this entry; every entry needs a reason.";
    /// A text that is not an id of a clause.
    ClauseId = "policy_clause_id", "Write the service in capitals, a hyphen and the number of the clause: `NARPIX-1.2d`.";
    /// A text that is longer than any policy.
    TooLong = "policy_too_long", "Give the policy itself: a text of at most 1 MiB.";
    /// A control character, a line break, or a mark that changes the direction of text.
    Unprintable = "policy_unprintable", "Remove it: names and sentences must be one line of printable characters.";
    /// A number out of range, or more entries than there may be.
    Limit = "policy_limit", "Stay within the range that the message gives.";
}

/// One fault in the text of a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}{}: {message}. {}", in_key(.key), .code.remedy())]
pub struct Fault {
    /// Its kind.
    pub code: FaultCode,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The key with its sections, such as `rule[3].gone_by`; entries of a list are counted from 1. Empty if the text is
    /// not TOML.
    pub key: String,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
}

fn in_key(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!(", `{key}`") }
}

/// Every fault of a text, in the order of its lines. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// The faults, by line.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
