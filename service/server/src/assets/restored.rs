//! What a backup forgets: removals and holds since it was made. They are noted beside the content, outside the database, and
//! repeated after the database was restored, before anybody is served.

use bytes::Bytes;
use packshot_api::service::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::Id;
use crate::retention::plan_anew;
use crate::state::App;
use crate::store::{Row, Rows, Tx, Writes};
use crate::vault::{Objects, prefix};

/// Where removals are noted, a note for each asset.
const GONE: &str = "gone/";
/// How many removals there were, and which was the last.
const LAST: &str = "gone-last";
/// Where holds are noted.
const HELD: &str = "held/";
/// The number of removals that the database knows of.
const FACT: &str = "gone_count";

/// A removal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tombstone {
    pub(super) asset: Id,
    pub(super) organisation: Id,
    pub(super) due_by: Time,
    pub(super) gone_at: Time,
    pub(super) proof: String,
    pub(super) forget_at: Option<Time>,
}

impl Tombstone {
    /// The statement that keeps it in the database.
    pub(super) fn write(&self, writes: &mut Writes<'static>) {
        let Self { asset, organisation, due_by, gone_at, proof, forget_at } = self.clone();
        writes.add(
            "INSERT INTO tombstone VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (asset) DO NOTHING",
            [asset.into(), organisation.into(), due_by.into(), gone_at.into(), proof.into(), forget_at.into()],
        );
    }

    /// Notes it outside the database, and in `writes` that the database knows of it.
    pub(super) async fn note(&self, app: &App, tx: &mut Tx, writes: &mut Writes<'static>) -> Result<()> {
        let objects = app.vault().objects();
        let count = known(tx).await? + 1;
        put(objects, &format!("{GONE}{}", self.asset), self).await?;
        put(objects, LAST, &Last { count, asset: self.asset }).await?;
        remember(writes, count);
        Ok(())
    }
}

/// The last removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    count: u64,
    asset: Id,
}

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    asset: Id,
    from: Time,
    reason: String,
}

/// Notes a hold outside the database.
pub(super) async fn note_hold(app: &App, asset: Id, from: Time, reason: String) -> Result<()> {
    put(app.vault().objects(), &format!("{HELD}{asset}"), &Held { asset, from, reason }).await
}

/// The hold was released.
pub(crate) async fn forget_hold(app: &App, asset: Id) -> Result<()> {
    app.vault().objects().remove_all(&format!("{HELD}{asset}")).await
}

/// No backup has the asset any more.
pub(super) async fn forget(app: &App, asset: Id) -> Result<()> {
    app.vault().objects().remove_all(&format!("{GONE}{asset}")).await
}

/// Fails if the database does not know of removals that happened: it came from a backup.
pub(crate) async fn check(app: &App) -> Result<()> {
    let Some(Last { count, asset }) = get(app.vault().objects(), LAST).await? else { return Ok(()) };
    let known = known(&mut app.store()).await?;
    // A removal that broke off is noted already, and is done again.
    if count <= known || count == known + 1 && is_being_removed(app, asset).await? {
        return Ok(());
    }
    let why =
        "the database was restored from a backup: what was removed since is in it again. Run `packshot serve replay`";
    Err(Error::Setting(why.to_owned()))
}

/// What a replay did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Replayed {
    /// Assets that were there again, and are removed again.
    pub(crate) removed: u64,
    /// Assets that are held again.
    pub(crate) held: u64,
}

/// Repeats the removals and holds that the database does not know of, so that the service may start.
pub(crate) async fn replay(app: &App) -> Result<Replayed> {
    let (objects, mut done) = (app.vault().objects(), Replayed::default());
    for path in objects.paths(GONE).await? {
        let Some(tombstone) = get::<Tombstone>(objects, &path).await? else { continue };
        let asset = tombstone.asset;
        objects.remove_all(&prefix(tombstone.organisation, asset)).await?;
        app.vault().keys().destroy(asset).await?;
        done.removed += u64::from(is_there(app, asset).await?);
        let mut writes = Writes::default();
        writes.add("DELETE FROM asset_part WHERE asset = $1", [asset.into()]);
        writes.add("DELETE FROM asset_variant WHERE asset = $1", [asset.into()]);
        writes.add("DELETE FROM asset WHERE id = $1", [asset.into()]);
        tombstone.write(&mut writes);
        app.store().begin().await?.commit_with(writes).await?;
    }
    for path in objects.paths(HELD).await? {
        let Some(Held { asset, from, reason }) = get(objects, &path).await? else { continue };
        if !is_there(app, asset).await? {
            continue;
        }
        let organisation = super::row::Found::by_id(&mut app.store(), asset).await?.owner;
        let mut writes = Writes::default();
        writes.add(
            "UPDATE asset SET held_from = $2, held_until = NULL, hold_reason = $3 WHERE id = $1",
            [asset.into(), from.into(), reason.into()],
        );
        plan_anew(&mut writes, organisation);
        app.store().begin().await?.commit_with(writes).await?;
        done.held += 1;
    }
    let mut writes = Writes::default();
    remember(&mut writes, get(objects, LAST).await?.map_or(0, |last: Last| last.count));
    app.store().begin().await?.commit_with(writes).await?;
    app.vault().keys().settle().await?;
    app.store().settle().await?;
    Ok(done)
}

async fn is_being_removed(app: &App, asset: Id) -> Result<bool> {
    const FIND: &str = "SELECT 1 AS one FROM asset WHERE id = $1 AND purge IS NOT NULL";
    Ok(!app.store().rows(FIND, &[(&asset).into()]).await?.is_empty())
}

async fn is_there(app: &App, asset: Id) -> Result<bool> {
    Ok(!app.store().rows("SELECT 1 AS one FROM asset WHERE id = $1", &[(&asset).into()]).await?.is_empty())
}

/// How many removals the database knows of.
async fn known(rows: &mut impl Rows) -> Result<u64> {
    let rows = rows.rows("SELECT value FROM fact WHERE name = $1", &[FACT.into()]).await?;
    rows.first().map_or(Ok(0), |row: &Row| row.bytes("value").map(u64::from_be_bytes))
}

fn remember(writes: &mut Writes<'static>, count: u64) {
    writes.add(
        "INSERT INTO fact VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [FACT.into(), count.to_be_bytes().to_vec().into()],
    );
}

async fn put(objects: &Objects, path: &str, what: &impl Serialize) -> Result<()> {
    let text = serde_json::to_vec(what).map_err(|cause| Error::Internal(cause.to_string()))?;
    objects.put(path, Bytes::from(text)).await
}

async fn get<T: DeserializeOwned>(objects: &Objects, path: &str) -> Result<Option<T>> {
    match objects.get_all(path).await {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|cause| Error::Objects(format!("{path}: {cause}"))),
        Err(Error::NotFound(_)) => Ok(None),
        Err(cause) => Err(cause),
    }
}
