//! Identifies versions of policies.

use std::fmt;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use crate::name::VersionId;

/// The name of a version of a policy, and the hash of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    /// `version` in `[policy]`.
    pub version: VersionId,
    /// The SHA-256 of its canonical form.
    pub hash: PolicyHash,
}

/// The SHA-256 of a policy in its canonical form: the keys and values of the text as JSON, the keys of each section in
/// the order of their characters, without spaces, and dates as `2026-04-01`. Comments, layout and the order of sections
/// change nothing; every key, value and order of entries does.
///
/// It can be recomputed, here in Python:
/// `sha256(json.dumps(tomllib.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str))`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyHash(pub [u8; 32]);

impl PolicyHash {
    pub(crate) fn of(root: &DeTable<'_>) -> PolicyHash {
        let mut canonical = String::new();
        write_table(root, &mut canonical);
        PolicyHash(Sha256::digest(canonical.as_bytes()).into())
    }
}

impl fmt::Display for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PolicyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn write_table(table: &DeTable<'_>, json: &mut String) {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref(), value.get_ref())).collect();
    entries.sort_by(|one, other| one.0.cmp(other.0));
    let mut before = '{';
    for (key, value) in entries {
        json.push(before);
        write_text(key, json);
        json.push(':');
        write_value(value, json);
        before = ',';
    }
    json.push_str(if before == '{' { "{}" } else { "}" });
}

fn write_value(value: &DeValue<'_>, json: &mut String) {
    match value {
        DeValue::String(text) => write_text(text, json),
        DeValue::Boolean(true) => json.push_str("true"),
        DeValue::Boolean(false) => json.push_str("false"),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => json.push_str(&number.to_string()),
            Err(_) => json.push_str(number.as_str()),
        },
        // No key takes a fractional number, so a policy cannot contain one.
        DeValue::Float(number) => json.push_str(number.as_str()),
        DeValue::Datetime(date) => write_text(&date.to_string(), json),
        DeValue::Table(table) => write_table(table, json),
        DeValue::Array(list) => {
            let mut before = '[';
            for value in list.iter() {
                json.push(before);
                write_value(value.get_ref(), json);
                before = ',';
            }
            json.push_str(if before == '[' { "[]" } else { "]" });
        }
    }
}

/// A text as a JSON string, with short escapes where they exist.
fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            letter if letter < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => json.push(letter),
        }
    }
    json.push('"');
}
