//! Published hashes of files.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::digest::Hex;

/// A published hash of a file.
///
/// MD5 is supported because most models are published with nothing else. It detects damage and accidental replacement;
/// against a forged file, only SHA-256 and the publisher's HTTPS help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the field's own")]
pub enum Checksum {
    Sha256([u8; 32]),
    Md5([u8; 16]),
}

impl Checksum {
    /// Placeholder that asks for a SHA-256.
    pub(crate) const SHA256: Self = Self::Sha256([0; 32]);

    pub(super) fn sha256(hex: &str) -> Option<Self> {
        bytes(hex).map(Self::Sha256)
    }

    pub(super) fn md5(hex: &str) -> Option<Self> {
        bytes(hex).map(Self::Md5)
    }

    /// The same kind of hash, computed from the file at `path`.
    pub(super) fn of_file(self, path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hashing = Hashing::like(self);
        io::copy(&mut file, &mut hashing)?;
        Ok(hashing.checksum())
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, bytes): (_, &[u8]) = match self {
            Self::Sha256(bytes) => ("sha256", bytes),
            Self::Md5(bytes) => ("md5", bytes),
        };
        write!(f, "{name}:{}", Hex(bytes))
    }
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    if hex.len() != 2 * N || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// A hash that is being computed.
#[derive(Clone)]
pub(super) enum Hashing {
    Sha256(Sha256),
    Md5(Md5),
}

impl Hashing {
    /// Starts a hash of the same kind as `checksum`.
    pub(super) fn like(checksum: Checksum) -> Self {
        match checksum {
            Checksum::Sha256(_) => Self::Sha256(Sha256::new()),
            Checksum::Md5(_) => Self::Md5(Md5::new()),
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(state) => state.update(bytes),
            Self::Md5(state) => state.update(bytes),
        }
    }

    /// The hash of everything so far.
    pub(super) fn checksum(&self) -> Checksum {
        match self.clone() {
            Self::Sha256(state) => Checksum::Sha256(state.finalize().into()),
            Self::Md5(state) => Checksum::Md5(state.finalize().into()),
        }
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let sha256 = Checksum::sha256(empty).unwrap();
        assert_eq!(Hashing::like(sha256).checksum(), sha256);
        assert_eq!(sha256.to_string(), format!("sha256:{empty}"));
        let md5 = Checksum::md5("900150983cd24fb0d6963f7d28e17f72").unwrap();
        let mut hashing = Hashing::like(md5);
        hashing.update(b"abc");
        assert_eq!(hashing.checksum(), md5);
    }

    #[test]
    fn a_shortened_hash_is_no_hash() {
        assert!(Checksum::sha256("cc2c9f5c...481a").is_none());
        assert!(Checksum::md5("900150983cd24fb0d6963f7d28e17f7").is_none());
        assert!(Checksum::md5("900150983cd24fb0d6963f7d28e17f7é").is_none());
        assert!(Checksum::md5("+00150983cd24fb0d6963f7d28e17f72").is_none());
    }
}
