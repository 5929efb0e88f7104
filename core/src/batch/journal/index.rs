//! Index of the journal: offsets of records by key.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest;

/// For each key the offsets of its records, in order: 16 bytes a record. Callers read the records and skip those of
/// another name with the same key.
#[derive(Default)]
pub(super) struct Index(BTreeSet<(u64, u64)>);

impl Index {
    pub(super) fn add(&mut self, key: u64, offset: u64) {
        self.0.insert((key, offset));
    }

    /// Keeps only the newest record of a key.
    pub(super) fn replace(&mut self, key: u64, offset: u64) {
        for old in self.offsets(key) {
            self.0.remove(&(key, old));
        }
        self.add(key, offset);
    }

    /// Adds claims, both by their names and by the inputs that wanted them.
    pub(super) fn claims(&mut self, claims: Claims) {
        for ((name, wish), offset) in claims {
            self.add(name, offset);
            self.add(wish, offset);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn offsets(&self, key: u64) -> Vec<u64> {
        self.0.range((key, 0)..=(key, u64::MAX)).map(|(_, offset)| *offset).collect()
    }
}

/// The newest claim of each name by each input, by their keys: repeated claims count once.
pub(super) type Claims = BTreeMap<(u64, u64), u64>;

/// Key for claims of a name, case-insensitive.
pub(super) fn name_key(name: &str) -> u64 {
    digest::key(&[b"name", name.to_lowercase().as_bytes()])
}

/// Key for claims by an input that wanted a name.
pub(super) fn wish_key(input: &str, wanted: &str) -> u64 {
    digest::key(&[b"wish", input.as_bytes(), wanted.as_bytes()])
}

/// Key for results of a name. If two names collide, the result of the first is made again.
pub(super) fn done_key(name: &str) -> u64 {
    digest::key(&[b"done", name.as_bytes()])
}
