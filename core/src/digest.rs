//! SHA-256 as text, and as short keys for what a batch remembers about each photo.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// 64 hexadecimal digits.
pub(crate) fn of(bytes: &[u8]) -> String {
    hex(Sha256::new().chain_update(bytes))
}

/// The digest and the size of a file's content.
pub(crate) fn of_file(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((hex(hash), size)),
            read => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
        }
    }
}

/// A 64-bit hash of these words. Two lists of words can collide: once in ten million batches of a million photos, or on
/// purpose. Callers must make sure that a collision does no harm.
pub(crate) fn key(words: &[&[u8]]) -> u64 {
    (wide_key(words) >> 64) as u64
}

/// A 128-bit hash of these words: no collision is known, and none can practically be made.
pub(crate) fn wide_key(words: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_le_bytes());
        hash.update(word);
    }
    hash.finalize().iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte))
}

/// Finishes `hash`, as 64 hexadecimal digits.
pub(crate) fn hex(hash: Sha256) -> String {
    Hex(&hash.finalize()).to_string()
}

/// Bytes as hexadecimal digits in lower case.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_depend_on_the_words_and_where_they_end() {
        let words: [&[&[u8]]; 5] = [&[], &[b""], &[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"]];
        let keys: std::collections::HashSet<_> = words.iter().map(|words| key(words)).collect();
        assert_eq!(keys.len(), words.len());
        // SHA-256 of nothing, as `sha256sum` has it.
        assert_eq!(wide_key(&[]), 0xe3b0_c442_98fc_1c14_9afb_f4c8_996f_b924);
        assert_eq!(key(&[]), 0xe3b0_c442_98fc_1c14);
    }
}
