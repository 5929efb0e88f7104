//! Personal fields, sealed under the key of the account or organisation that they belong to.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::root::{Secrets, random};
use crate::error::{Error, Result};
use crate::id::Id;

const NONCE: usize = 12;

/// What a sealed field is, so that one cannot be taken for another.
pub(crate) mod field {
    pub(crate) const EMAIL: &str = "email";
    pub(crate) const NAME: &str = "name";
    pub(crate) const GUARDIAN: &str = "guardian";
    pub(crate) const ADDRESS: &str = "address";
    pub(crate) const CODE: &str = "code";
}

/// The key of a subject.
pub(crate) struct SubjectKey {
    subject: Id,
    key: [u8; 32],
}

impl SubjectKey {
    /// A new key, for a new subject.
    pub(crate) fn new(subject: Id) -> Result<Self> {
        Ok(Self { subject, key: random()? })
    }

    pub(crate) const fn subject(&self) -> Id {
        self.subject
    }

    /// As it is kept: AES-256-GCM under the service's key.
    pub(crate) fn wrapped(&self, secrets: &Secrets) -> Result<Vec<u8>> {
        seal(&secrets.wrap, self.subject.as_bytes(), &self.key)
    }

    /// The key that was wrapped for `subject`.
    pub(crate) fn unwrap(secrets: &Secrets, subject: Id, wrapped: &[u8]) -> Result<Self> {
        let key = open(&secrets.wrap, subject.as_bytes(), wrapped)?;
        Ok(Self { subject, key: key.try_into().map_err(|_| Error::Unsealable)? })
    }

    pub(crate) fn seal(&self, field: &str, text: &str) -> Result<Vec<u8>> {
        seal(&self.key, &self.context(field), text.as_bytes())
    }

    pub(crate) fn open(&self, field: &str, sealed: &[u8]) -> Result<String> {
        let bytes = open(&self.key, &self.context(field), sealed)?;
        String::from_utf8(bytes).map_err(|_| Error::Unsealable)
    }

    fn context(&self, field: &str) -> Vec<u8> {
        [self.subject.as_bytes(), field.as_bytes()].concat()
    }
}

/// A random nonce and the ciphertext with its tag.
pub(crate) fn seal(key: &[u8; 32], context: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random()?;
    let payload = Payload { msg: plain, aad: context };
    let sealed = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload).map_err(|_| Error::Unsealable)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// What was sealed with this key, in this context.
pub(crate) fn open(key: &[u8; 32], context: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Error::Unsealable)?;
    let payload = Payload { msg: sealed, aad: context };
    Aes256Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), payload).map_err(|_| Error::Unsealable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let [one, other] = [Id::new(), Id::new()];
        let key = SubjectKey::new(one).unwrap();
        let sealed = key.seal(field::EMAIL, "anna@example.org").unwrap();
        let again = SubjectKey::unwrap(&secrets, one, &key.wrapped(&secrets).unwrap()).unwrap();
        assert_eq!(again.open(field::EMAIL, &sealed).unwrap(), "anna@example.org");
        assert!(again.open(field::NAME, &sealed).is_err());
        assert!(SubjectKey::unwrap(&secrets, other, &key.wrapped(&secrets).unwrap()).is_err());
        assert!(SubjectKey::unwrap(&Secrets::derive(&[8; 32]).unwrap(), one, &key.wrapped(&secrets).unwrap()).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(again.open(field::EMAIL, &changed).is_err(), "byte {place}");
        }
        assert_ne!(sealed, key.seal(field::EMAIL, "anna@example.org").unwrap(), "a nonce is used once");
    }
}
