//! Signed notes (<https://c2sp.org/signed-note>): text with an Ed25519 signature that anybody can check.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// The algorithm of a key: Ed25519 over the text.
const ED25519: u8 = 1;
/// What a line with a signature begins with.
const DASH: &str = "\u{2014} ";

/// Why a note is not what it claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// The text is no signed note.
    #[error("this is no signed note: text, an empty line, and lines with signatures are expected")]
    NoNote,
    /// The text of a key cannot be read.
    #[error("this is no verifier key: name+hash+key is expected")]
    NoKey,
    /// Nobody with this key signed the note.
    #[error("the note has no signature of this key")]
    NotSigned,
    /// The text or the signature was changed.
    #[error("the signature does not fit: the note was changed")]
    Changed,
}

/// Signs notes.
pub struct NoteSigner {
    key: SigningKey,
    verifier: NoteVerifier,
}

impl NoteSigner {
    /// A signer with a name, without spaces or plus signs, and 32 secret bytes.
    #[must_use]
    pub fn new(name: &str, secret: &[u8; 32]) -> NoteSigner {
        let key = SigningKey::from_bytes(secret);
        let name = name.to_lowercase().split(|c: char| c.is_whitespace() || c == '+').collect::<Vec<_>>().join("-");
        NoteSigner { verifier: NoteVerifier { name, key: key.verifying_key() }, key }
    }

    /// With what its notes are checked.
    #[must_use]
    pub fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }

    /// The note of a text, whose last line ends.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let bytes = [self.verifier.hash().as_slice(), &signature].concat();
        format!("{text}\n{DASH}{} {}\n", self.verifier.name, STANDARD.encode(bytes))
    }
}

/// Checks notes of one signer. Written as a verifier key: `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    key: VerifyingKey,
}

impl NoteVerifier {
    fn hash(&self) -> [u8; 4] {
        let own = Sha256::new().chain_update(&self.name).chain_update("\n").chain_update([ED25519]);
        let digest = own.chain_update(self.key.as_bytes()).finalize();
        let mut hash = [0; 4];
        hash.copy_from_slice(&digest[..4]);
        hash
    }

    /// The text of a note, if it is signed with this key.
    ///
    /// # Errors
    ///
    /// Why it is not.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::NoNote)?;
        let text = &note[..=text.len()];
        if !signatures.ends_with('\n') || signatures.lines().any(|line| !line.starts_with(DASH)) {
            return Err(NoteError::NoNote);
        }
        let own = signatures.lines().find_map(|line| {
            let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
            let bytes = STANDARD.decode(signature).ok()?;
            let (hash, signature) = bytes.split_first_chunk::<4>()?;
            (name == self.name && *hash == self.hash()).then(|| signature.to_vec())
        });
        let signature = Signature::from_slice(&own.ok_or(NoteError::NotSigned)?).map_err(|_| NoteError::Changed)?;
        self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Changed)?;
        Ok(text)
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = u32::from_be_bytes(self.hash());
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{hash:08x}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for NoteVerifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<NoteVerifier, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::NoKey);
        };
        let key = STANDARD.decode(key).map_err(|_| NoteError::NoKey)?;
        let key = key.strip_prefix(&[ED25519]).and_then(|key| key.try_into().ok()).ok_or(NoteError::NoKey)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| NoteError::NoKey)?;
        let verifier = NoteVerifier { name: name.to_owned(), key };
        // The hash is part of what was handed over: a key that was copied wrong is found here.
        let own = format!("{:08x}", u32::from_be_bytes(verifier.hash()));
        if own == hash { Ok(verifier) } else { Err(NoteError::NoKey) }
    }
}
