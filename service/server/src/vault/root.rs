//! The vault's key, which wraps those of owners, and its exchange for a new one.

use std::path::Path;

use hkdf::Hkdf;
use sha2::Sha256;

use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Fingerprint, KeyFile, hex, make_key, read_key, unwrap_key, wrap_key};
use crate::settings::Settings;
use crate::store::{Store, Writes};

const FILE: &str = "vault.key";
/// The key that comes next, while keys are wrapped anew.
const NEXT: &str = "vault.key.next";
const FACT: &str = "vault_key";
/// How many keys are wrapped anew in one transaction.
const BATCH: i64 = 200;

#[derive(Clone)]
struct Root {
    key: [u8; 32],
    fingerprint: Fingerprint,
}

impl Root {
    fn of(key: [u8; 32]) -> Result<Self> {
        Ok(Self { fingerprint: fingerprint(&key)?, key })
    }
}

fn fingerprint(key: &[u8; 32]) -> Result<Fingerprint> {
    let mut fingerprint = [0; 8];
    let derived = Hkdf::<Sha256>::new(None, key).expand(b"packshot vault fingerprint", &mut fingerprint);
    derived.map(|()| fingerprint).map_err(|cause| Error::Internal(cause.to_string()))
}

/// The key that wraps, and the next one where an exchange has begun.
#[derive(Clone)]
pub(super) struct Roots {
    current: Root,
    next: Option<Root>,
}

impl Roots {
    pub(super) async fn open(settings: &Settings, store: &Store) -> Result<Self> {
        match Self::attempt(settings, store).await {
            // Another one started at the same time and was first; its key is the one now.
            Err(error) if error.is_conflict() => Self::attempt(settings, store).await,
            opened => opened,
        }
    }

    async fn attempt(settings: &Settings, store: &Store) -> Result<Self> {
        let (known, given, next) = (known(store).await?, settings.vault_key.as_deref(), settings.data.join(NEXT));
        let file = KeyFile { what: "vault's key", path: settings.data.join(FILE), given };
        if given.is_none() && next.exists() {
            // An exchange has begun: keys are wrapped under the one or the other.
            let roots = Self { current: Root::of(read_key(&file.path)?)?, next: Some(Root::of(read_key(&next)?)?) };
            roots.check(known)?;
            return Ok(roots);
        }
        let current = Root::of(file.open(known.as_ref(), fingerprint)?)?;
        if known.is_none() {
            let mut writes = Writes::default();
            writes.add("INSERT INTO vault_fact VALUES ($1, $2)", [FACT.into(), current.fingerprint.as_slice().into()]);
            store.begin().await?.commit_with(writes).await?;
        }
        Ok(Self { current, next: None })
    }

    fn newest(&self) -> &Root {
        self.next.as_ref().unwrap_or(&self.current)
    }

    /// Whether `known`, the key of the database, is one of these.
    fn check(&self, known: Option<Fingerprint>) -> Result<()> {
        let mut roots = std::iter::once(&self.current).chain(&self.next);
        match known {
            Some(known) if !roots.any(|root| root.fingerprint == known) => {
                let why = format!("the database was made with another key (fingerprint {})", hex(&known));
                Err(Error::KeyFile { path: FILE.into(), why })
            }
            _ => Ok(()),
        }
    }

    /// Whether the newest of these is the key of the database still: another copy of the service may have exchanged it.
    pub(super) async fn is_newest(&self, store: &Store) -> Result<bool> {
        Ok(known(store).await? == Some(self.newest().fingerprint))
    }

    pub(super) fn fingerprint(&self) -> String {
        hex(&self.current.fingerprint)
    }

    /// An owner's key under the newest root, and which root that is.
    pub(super) fn wrap(&self, owner: Id, key: &[u8; 32]) -> Result<(Fingerprint, Vec<u8>)> {
        let root = self.newest();
        Ok((root.fingerprint, wrap_key(&root.key, owner.as_bytes(), key)?))
    }

    pub(super) fn unwrap(&self, owner: Id, root: Fingerprint, wrapped: &[u8]) -> Result<[u8; 32]> {
        let roots = std::iter::once(&self.current).chain(&self.next);
        let root = roots.into_iter().find(|known| known.fingerprint == root).ok_or(Error::Unsealable)?;
        unwrap_key(&root.key, owner.as_bytes(), wrapped)?.try_into().map_err(|_| Error::Unsealable)
    }
}

/// The fingerprint of the database's key.
async fn known(store: &Store) -> Result<Option<Fingerprint>> {
    const SELECT: &str = "SELECT value FROM vault_fact WHERE name = $1";
    let rows = store.rows(SELECT, &[FACT.into()]).await?;
    rows.first().map(|row| row.bytes("value")).transpose()
}

/// Exchanges the vault's key, while no service runs: makes the next one, wraps all keys of owners under it, and lets its file
/// take the place of the old one. Interrupted at any point, it goes on when it is called again. Returns how many keys were
/// wrapped, and the new key's fingerprint.
pub(crate) async fn rotate(settings: &Settings) -> Result<(u64, String)> {
    if settings.vault_key.is_some() {
        let why = "the vault's key comes from the environment; put it into the file `vault.key` for the exchange";
        return Err(Error::Setting(why.to_owned()));
    }
    let store = Store::of_keys(settings).await?;
    // The old key has to be the right one before anything is made.
    Roots::open(settings, &store).await?;
    let next = settings.data.join(NEXT);
    make_key(&next)?;
    let roots = Roots::open(settings, &store).await?;
    let new = roots.newest();
    let mut writes = Writes::default();
    writes.add("UPDATE vault_fact SET value = $2 WHERE name = $1", [FACT.into(), new.fingerprint.as_slice().into()]);
    store.begin().await?.commit_with(writes).await?;
    let mut wrapped = 0;
    while let count @ 1.. = rotate_some(&roots, new, &store).await? {
        wrapped += count;
    }
    replace(&next, &settings.data.join(FILE))?;
    let fingerprint = hex(&new.fingerprint);
    store.close().await;
    Ok((wrapped, fingerprint))
}

async fn rotate_some(roots: &Roots, new: &Root, store: &Store) -> Result<u64> {
    const OLD: &str = "SELECT owner, root, wrapped FROM vault_owner_key WHERE root <> $1 ORDER BY owner LIMIT $2";
    let mut tx = store.begin().await?;
    let rows = tx.rows(OLD, &[new.fingerprint.as_slice().into(), BATCH.into()]).await?;
    let mut writes = Writes::default();
    for row in &rows {
        let owner = row.id("owner")?;
        let key = roots.unwrap(owner, row.bytes("root")?, &row.blob("wrapped")?)?;
        writes.add(
            "UPDATE vault_owner_key SET root = $2, wrapped = $3 WHERE owner = $1",
            [owner.into(), new.fingerprint.to_vec().into(), wrap_key(&new.key, owner.as_bytes(), &key)?.into()],
        );
    }
    tx.commit_with(writes).await?;
    Ok(rows.len() as u64)
}

/// The old key ends here: nothing is wrapped under it any more.
fn replace(next: &Path, current: &Path) -> Result<()> {
    let failed = |cause| Error::Folder { path: current.to_owned(), cause };
    std::fs::rename(next, current).map_err(failed)?;
    let folder = current.parent().unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
