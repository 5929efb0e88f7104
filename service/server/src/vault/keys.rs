//! The keys of content, wrapped, in a database apart from all else.

use super::root::Roots;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{random, unwrap_key, wrap_key};
use crate::settings::Settings;
use crate::store::{Store, Tx, Writes};

/// The key of one asset's content.
pub(crate) struct AssetKey([u8; 32]);

impl AssetKey {
    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// All keys. Clones share them.
#[derive(Clone)]
pub(crate) struct Keys {
    store: Store,
    roots: Roots,
}

const OWNER: &str = "SELECT root, wrapped FROM vault_owner_key WHERE owner = $1";

impl Keys {
    pub(super) async fn open(settings: &Settings, store: Store) -> Result<Self> {
        Ok(Self { roots: Roots::open(settings, &store).await?, store })
    }

    /// Tells which key wraps the others.
    pub(crate) fn fingerprint(&self) -> String {
        self.roots.fingerprint()
    }

    /// Makes the key of a new asset; the one that exists if it was made before.
    pub(crate) async fn make(&self, owner: Id, asset: Id) -> Result<AssetKey> {
        loop {
            match self.attempt(owner, asset).await {
                // Somebody else made the owner's first key, or this one, in the meantime.
                Err(error) if error.is_conflict() => {}
                made => return made,
            }
        }
    }

    async fn attempt(&self, owner: Id, asset: Id) -> Result<AssetKey> {
        let mut tx = self.store.begin().await?;
        if let Some(key) = self.find_in(&mut tx, owner, asset).await? {
            tx.give_up().await?;
            return Ok(key);
        }
        let mut writes = Writes::default();
        let owner_key = match self.owner_key(&mut tx, owner).await? {
            Some(key) => key,
            None => {
                if !self.roots.is_newest(&self.store).await? {
                    return Err(Error::Setting("the vault's key was exchanged; start the service again".to_owned()));
                }
                let key: [u8; 32] = random()?;
                let (root, wrapped) = self.roots.wrap(owner, &key)?;
                let mut first = Writes::default();
                first.add(
                    "INSERT INTO vault_owner_key VALUES ($1, $2, $3)",
                    [owner.into(), root.to_vec().into(), wrapped.into()],
                );
                tx.run(first).await?;
                key
            }
        };
        let key = AssetKey(random()?);
        let wrapped = wrap_key(&owner_key, &context(owner, asset), key.bytes())?;
        writes.add("INSERT INTO vault_asset_key VALUES ($1, $2, $3)", [asset.into(), owner.into(), wrapped.into()]);
        tx.commit_with(writes).await?;
        Ok(key)
    }

    /// The key of an asset. Content without one is gone.
    pub(crate) async fn of(&self, owner: Id, asset: Id) -> Result<AssetKey> {
        let mut tx = self.store.snapshot().await?;
        self.find_in(&mut tx, owner, asset).await?.ok_or(Error::NotFound("content"))
    }

    async fn find_in(&self, tx: &mut Tx, owner: Id, asset: Id) -> Result<Option<AssetKey>> {
        const ASSET: &str = "SELECT wrapped FROM vault_asset_key WHERE asset = $1 AND owner = $2";
        let rows = tx.rows(ASSET, &[(&asset).into(), (&owner).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let owner_key = self.owner_key(tx, owner).await?.ok_or(Error::Unsealable)?;
        let key = unwrap_key(&owner_key, &context(owner, asset), &row.blob("wrapped")?)?;
        Ok(Some(AssetKey(key.try_into().map_err(|_| Error::Unsealable)?)))
    }

    async fn owner_key(&self, tx: &mut Tx, owner: Id) -> Result<Option<[u8; 32]>> {
        let rows = tx.rows(OWNER, &[(&owner).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        self.roots.unwrap(owner, row.bytes("root")?, &row.blob("wrapped")?).map(Some)
    }

    /// Whether an asset has a key.
    pub(crate) async fn has(&self, asset: Id) -> Result<bool> {
        const FIND: &str = "SELECT 1 AS one FROM vault_asset_key WHERE asset = $1";
        Ok(!self.store.rows(FIND, &[(&asset).into()]).await?.is_empty())
    }

    /// Ends the key of an asset: what is left of its content anywhere opens never again.
    pub(crate) async fn destroy(&self, asset: Id) -> Result<()> {
        let mut writes = Writes::default();
        writes.add("DELETE FROM vault_asset_key WHERE asset = $1", [asset.into()]);
        self.store.begin().await?.commit_with(writes).await
    }

    /// Ends the key of an owner who has nothing left.
    pub(crate) async fn destroy_owner(&self, owner: Id) -> Result<()> {
        let mut writes = Writes::default();
        writes.add(
            "DELETE FROM vault_owner_key WHERE owner = $1 AND NOT EXISTS (SELECT 1 FROM vault_asset_key a WHERE a.owner = $1)",
            [owner.into()],
        );
        self.store.begin().await?.commit_with(writes).await
    }

    /// Assets that have a key, in the order of their ids, after this one.
    pub(crate) async fn page(&self, after: Id, limit: u32) -> Result<Vec<Id>> {
        const PAGE: &str = "SELECT asset FROM vault_asset_key WHERE asset > $1 ORDER BY asset LIMIT $2";
        let rows = self.store.rows(PAGE, &[(&after).into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| row.id("asset")).collect()
    }

    /// Removes what the database's files may still have of keys that ended.
    pub(crate) async fn settle(&self) -> Result<()> {
        self.store.settle().await
    }

    pub(super) async fn close(&self) {
        self.store.clone().close().await;
    }
}

/// What the key of an asset is bound to.
fn context(owner: Id, asset: Id) -> Vec<u8> {
    [owner.as_bytes().as_slice(), asset.as_bytes()].concat()
}
