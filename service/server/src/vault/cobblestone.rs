//! Encryption of content: C2SP chunked encryption, in the instantiation Cobblestone-256 (HKDF-Expand with SHA-512 and
//! AES-256-GCM), <https://c2sp.org/chunked-encryption>.
//!
//! A message is a salt, a commitment to the key, and chunks of 16 KiB of which the last one is shorter, so that a message
//! that was cut, reordered or exchanged does not open, and any place in it can be read without the rest.

use aes_gcm::aead::AeadInOut as _;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit as _};
use hkdf::Hkdf;
use sha2::Sha512;

use crate::error::{Error, Result};

/// Bytes of a chunk before encryption.
pub(crate) const CHUNK: usize = 16 * 1024;
/// Bytes of a chunk's authentication.
const TAG: usize = 16;
/// Bytes of a chunk after encryption.
pub(crate) const SEALED_CHUNK: usize = CHUNK + TAG;
const SALT: usize = 24;
const COMMITMENT: usize = 32;
/// Bytes before the first chunk.
pub(crate) const HEADER: usize = SALT + COMMITMENT;
const KEY: usize = 32;
const NONCE: usize = 12;
/// A message has fewer chunks than this.
const MOST_CHUNKS: u64 = 1 << 38;

/// The keys of one message.
pub(crate) struct Message {
    cipher: Aes256Gcm,
    base: [u8; NONCE],
    header: [u8; HEADER],
}

impl Message {
    /// A new message under `key`. `context` says what it is, and opening it under another context fails.
    pub(crate) fn new(key: &[u8; KEY], context: &[u8]) -> Result<Self> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|cause| Error::Internal(cause.to_string()))?;
        Self::with(key, &salt, context)
    }

    /// The message that begins with `header`.
    pub(crate) fn open(key: &[u8; KEY], header: &[u8; HEADER], context: &[u8]) -> Result<Self> {
        let mut salt = [0; SALT];
        salt.copy_from_slice(&header[..SALT]);
        let message = Self::with(key, &salt, context)?;
        // The commitment is no secret.
        if message.header == *header { Ok(message) } else { Err(Error::Unsealable) }
    }

    fn with(key: &[u8; KEY], salt: &[u8; SALT], context: &[u8]) -> Result<Self> {
        let unusable = |_| Error::Internal("a key of the wrong length".to_owned());
        let mut derived = [0; KEY + NONCE + COMMITMENT];
        let expand = Hkdf::<Sha512>::from_prk(&extended(key))
            .map_err(|_| Error::Internal("a key of the wrong length".to_owned()))?;
        let info = [b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".as_slice(), salt, context];
        expand
            .expand_multi_info(&info, &mut derived)
            .map_err(|_| Error::Internal("too long an expansion".to_owned()))?;
        let cipher = Aes256Gcm::new_from_slice(&derived[..KEY]).map_err(unusable)?;
        let (mut base, mut header) = ([0; NONCE], [0; HEADER]);
        base.copy_from_slice(&derived[KEY..KEY + NONCE]);
        header[..SALT].copy_from_slice(salt);
        header[SALT..].copy_from_slice(&derived[KEY + NONCE..]);
        Ok(Self { cipher, base, header })
    }

    fn nonce(&self, chunk: u64) -> Result<[u8; NONCE]> {
        if chunk >= MOST_CHUNKS {
            return Err(Error::Internal("too long a message".to_owned()));
        }
        let mut nonce = self.base;
        nonce[NONCE - 8..].iter_mut().zip(chunk.to_be_bytes()).for_each(|(byte, other)| *byte ^= other);
        Ok(nonce)
    }

    /// Appends the encrypted chunk to `to`.
    pub(crate) fn seal_chunk(&self, number: u64, plain: &[u8], to: &mut Vec<u8>) -> Result<()> {
        let begin = to.len();
        to.extend_from_slice(plain);
        let tag =
            self.cipher.encrypt_inout_detached(&self.nonce(number)?.into(), &[], InOutBuf::from(&mut to[begin..]));
        to.extend_from_slice(&tag.map_err(|_| Error::Internal("too long a chunk".to_owned()))?);
        Ok(())
    }

    /// Appends the decrypted chunk to `to`.
    pub(crate) fn open_chunk(&self, number: u64, sealed: &[u8], to: &mut Vec<u8>) -> Result<()> {
        let (content, tag) = sealed.split_last_chunk::<TAG>().ok_or(Error::Unsealable)?;
        let begin = to.len();
        to.extend_from_slice(content);
        let nonce = self.nonce(number)?.into();
        let opened = self.cipher.decrypt_inout_detached(&nonce, &[], InOutBuf::from(&mut to[begin..]), &(*tag).into());
        if opened.is_err() {
            to.truncate(begin);
            return Err(Error::Unsealable);
        }
        Ok(())
    }

    /// Encrypts a whole message.
    pub(crate) fn seal_all(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(usize::try_from(sealed_length(plain.len() as u64)).unwrap_or(0));
        sealed.extend_from_slice(&self.header);
        // Always a last chunk that is shorter than the others, and be it empty.
        for number in 0..=plain.len() / CHUNK {
            let end = plain.len().min((number + 1) * CHUNK);
            self.seal_chunk(number as u64, &plain[number * CHUNK..end], &mut sealed)?;
        }
        Ok(sealed)
    }

    /// Decrypts all chunks of a message, which come after its header.
    pub(crate) fn open_all(&self, chunks: &[u8]) -> Result<Vec<u8>> {
        let mut plain = Vec::with_capacity(chunks.len());
        let whole = chunks.chunks_exact(SEALED_CHUNK);
        let last = whole.remainder();
        let mut number = 0;
        for chunk in whole {
            self.open_chunk(number, chunk, &mut plain)?;
            number += 1;
        }
        // Without a shorter last chunk it was cut.
        self.open_chunk(number, last, &mut plain)?;
        Ok(plain)
    }
}

/// Bytes of a message after encryption.
pub(crate) const fn sealed_length(plain: u64) -> u64 {
    HEADER as u64 + plain + (plain / CHUNK as u64 + 1) * TAG as u64
}

/// HKDF-Expand takes its key as it is. The library wants one of at least the hash's length, and HMAC pads shorter keys with
/// zeros anyway.
fn extended(key: &[u8; KEY]) -> [u8; 64] {
    let mut long = [0; 64];
    long[..KEY].copy_from_slice(key);
    long
}

#[cfg(test)]
mod tests;
