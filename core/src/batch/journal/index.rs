//! Where the journal says what.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest;

/// For each key the places of its records in the file, in order: 16 bytes a record. Whoever asks reads the records and
/// passes over those of something else that has the same key.
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

    /// Adds claims under their names and under what wanted them.
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

/// The newest claim of each name by each input, with their keys: one that was made again and again counts once.
pub(super) type Claims = BTreeMap<(u64, u64), u64>;

/// For claims of a name, whatever its case.
pub(super) fn name_key(name: &str) -> u64 {
    digest::key(&[b"name", name.to_lowercase().as_bytes()])
}

/// For claims of an input that wanted a name.
pub(super) fn wish_key(input: &str, wanted: &str) -> u64 {
    digest::key(&[b"wish", input.as_bytes(), wanted.as_bytes()])
}

/// For results of a name. Of two names with one key, the result of the first is made again.
pub(super) fn done_key(name: &str) -> u64 {
    digest::key(&[b"done", name.as_bytes()])
}
