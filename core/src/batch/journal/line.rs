//! A record of the journal as a line: checksum, space, JSON, line feed.

use serde::{Deserialize, Serialize};

use crate::digest;

/// Hexadecimal digits of the checksum: enough to detect damage, short enough to keep lines readable.
const CHECKSUM: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Claim(Claim),
    Done(Done),
    /// Earlier results no longer count as done.
    Fresh,
}

/// A name assigned to the result of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::batch) struct Claim {
    pub(in crate::batch) output: String,
    pub(in crate::batch) input: String,
    pub(in crate::batch) wanted: String,
    /// SHA-256 of the content to be written: if the batch ends before the `done` record, it still recognises its own
    /// file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::batch) result: String,
}

/// A finished result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::batch) struct Done {
    pub(in crate::batch) output: String,
    /// SHA-256 of the input's bytes.
    pub(in crate::batch) photo: String,
    /// SHA-256 of the recipe with the variables of the row.
    pub(in crate::batch) recipe: String,
    /// SHA-256 of the result's bytes.
    pub(in crate::batch) result: String,
    /// Size of the result in bytes.
    pub(in crate::batch) size: u64,
}

pub(super) fn write(record: &Record) -> String {
    // A record is strings and a number, whose serialization cannot fail.
    let json = serde_json::to_string(record).unwrap_or_default();
    format!("{} {json}\n", &digest::of(json.as_bytes())[..CHECKSUM])
}

/// The record; `None` if the line is damaged or of a kind unknown to this version.
pub(super) fn read(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (checksum, json) = line.split_once(' ')?;
    (checksum.len() == CHECKSUM && digest::of(json.as_bytes()).starts_with(checksum))
        .then(|| serde_json::from_str(json).ok())?
}
