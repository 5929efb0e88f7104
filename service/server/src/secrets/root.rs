//! The service's key: made once, never replaced.

use std::path::Path;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::file::{Fingerprint, KeyFile, hex};
use crate::error::{Error, Result};
use crate::store::{Store, Writes};

const FILE: &str = "service.key";
const FINGERPRINT: &str = "service_key";

/// Keys that are derived from the service's key.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Wraps the keys of subjects.
    pub(super) wrap: [u8; 32],
    /// Signs tokens: HMAC-SHA256 that has read its key, which is half of the work of a short token.
    pub(super) tokens: Hmac<Sha256>,
    /// Hashes what is looked up, such as addresses.
    lookup: [u8; 32],
    /// Signs proofs.
    proofs: [u8; 32],
    fingerprint: Fingerprint,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", hex(&self.fingerprint))
    }
}

impl Secrets {
    /// The key in `folder`, which is made if `store` has never seen one. `given` is one in hexadecimal that takes the place
    /// of the file.
    pub(crate) async fn open(folder: &Path, given: Option<&str>, store: &Store) -> Result<Self> {
        match Self::attempt(folder, given, store).await {
            // Another one started at the same time and was first; its key is the one now.
            Err(error) if error.is_conflict() => Self::attempt(folder, given, store).await,
            opened => opened,
        }
    }

    async fn attempt(folder: &Path, given: Option<&str>, store: &Store) -> Result<Self> {
        const SELECT: &str = "SELECT value FROM fact WHERE name = $1";
        let known = store.rows(SELECT, &[FINGERPRINT.into()]).await?;
        let known = known.first().map(|row| row.bytes::<8>("value")).transpose()?;
        let file = KeyFile { what: "service's key", path: folder.join(FILE), given };
        let secrets = Self::derive(&file.open(known.as_ref(), |root| Ok(Self::derive(root)?.fingerprint))?)?;
        if known.is_some() { Ok(secrets) } else { secrets.remember(store).await }
    }

    /// Keeps the fingerprint in the database. Of two that do at the same time the second has a conflict.
    async fn remember(self, store: &Store) -> Result<Self> {
        let tx = store.begin().await?;
        let mut writes = Writes::default();
        writes.add("INSERT INTO fact VALUES ($1, $2)", [FINGERPRINT.into(), self.fingerprint.as_slice().into()]);
        tx.commit_with(writes).await?;
        Ok(self)
    }

    pub(crate) fn derive(root: &[u8; 32]) -> Result<Self> {
        let hkdf = Hkdf::<Sha256>::new(None, root);
        let key = |purpose: &str| {
            let mut key = [0; 32];
            let derived = hkdf.expand(purpose.as_bytes(), &mut key);
            derived.map(|()| key).map_err(|cause| Error::Internal(cause.to_string()))
        };
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&key("packshot fingerprint")?[..8]);
        Ok(Self {
            wrap: key("packshot wrap")?,
            tokens: mac(&key("packshot tokens")?)?,
            lookup: key("packshot lookup")?,
            proofs: key("packshot proofs")?,
            fingerprint,
        })
    }

    /// Tells which key it is, and nothing of it.
    pub(crate) fn fingerprint(&self) -> String {
        hex(&self.fingerprint)
    }

    /// The secret with which proofs are signed.
    pub(crate) const fn proofs(&self) -> &[u8; 32] {
        &self.proofs
    }

    /// A keyed hash under which `text` is found: equal texts have equal hashes, and nobody without the key can try texts.
    pub(crate) fn lookup(&self, text: &str) -> Result<[u8; 32]> {
        Ok(mac(&self.lookup)?.chain_update(text).finalize().into_bytes().into())
    }
}

/// HMAC-SHA256 with this key.
fn mac(key: &[u8; 32]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key).map_err(|cause| Error::Internal(cause.to_string()))
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|cause| Error::Internal(format!("the system has no random bytes: {cause}")))?;
    Ok(bytes)
}
