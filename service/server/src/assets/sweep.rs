//! Looks for what is due, and does it: one copy of the service at a time, a batch at a time.

use std::time::Duration;

use packshot_api::service::{RetentionReport, Time};

use super::purge::{AGAIN, mark, purge, report};
use super::restored;
use super::row::{Found, select};
use crate::error::Result;
use crate::id::Id;
use crate::retention::{Lease, Terms, Turn};
use crate::state::App;
use crate::store::Writes;

/// The work that one copy does at a time.
const SWEEP: &str = "sweep";
/// How many assets are planned anew at once.
const PAGE: i64 = 500;
/// How often the bucket is looked through for uploads that nobody ended.
const LOOK: Duration = Duration::from_secs(3600);
/// Those that nobody ended are older than this.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// Does what is due. Returns how much of it was left over because it failed.
pub(crate) async fn sweep(app: &App, batch: u32) -> Result<u64> {
    let mut looked = app.sweeping().lock().await;
    let (lease, now) = (Lease::new(SWEEP, app.copy()), app.clock().now());
    let stale = looked.is_none_or(|looked| looked + LOOK < now || looked > now);
    // Taking a turn is a write, and a look costs something at a bucket: there is neither without need.
    if !(stale || is_needed(app, now).await?) {
        return Ok(0);
    }
    let Some(turn) = lease.take(app.store(), now).await? else { return Ok(0) };
    while plan_some(app).await? {}
    let mut failed = 0;
    let mut removed = false;
    loop {
        let due = due(app, batch).await?;
        for id in &due {
            match one(app, turn, *id).await {
                Ok(gone) => removed |= gone,
                Err(error) => {
                    failed += 1;
                    tracing::error!(asset = %id, code = error.code().as_str(), cause = %error, "an asset could not be removed");
                    put_off(app, *id).await?;
                }
            }
        }
        if due.len() < batch as usize || lease.take(app.store(), app.clock().now()).await? != Some(turn) {
            break;
        }
    }
    if removed {
        // What the databases' own files still have of what was deleted.
        app.vault().keys().settle().await?;
        app.store().settle().await?;
    }
    forget(app).await?;
    if failed > 0 {
        let RetentionReport { late, lag, .. } = report(app).await?;
        if late > 0 {
            tracing::error!(late, lag, "removals are late");
        }
    }
    if stale {
        app.vault().objects().end_stale_uploads(now - STALE).await?;
        *looked = Some(now);
    }
    Ok(failed)
}

/// Whether there is something to do.
async fn is_needed(app: &App, now: Time) -> Result<bool> {
    const NEEDED: &str = "SELECT 1 AS one FROM asset WHERE next_at <= $1 UNION ALL SELECT 1 FROM replan \
        UNION ALL SELECT 1 FROM tombstone WHERE forget_at <= $1 LIMIT 1";
    Ok(!app.store().rows(NEEDED, &[now.into()]).await?.is_empty())
}

/// Lets another copy of the service sweep.
pub(crate) async fn leave(app: &App) -> Result<()> {
    Lease::new(SWEEP, app.copy()).leave(app.store()).await
}

async fn due(app: &App, batch: u32) -> Result<Vec<Id>> {
    const DUE: &str = "SELECT id FROM asset WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
    let rows = app.store().rows(DUE, &[app.clock().now().into(), i64::from(batch).into()]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

async fn one(app: &App, turn: Turn, id: Id) -> Result<bool> {
    const LEFT: &str = "SELECT 1 AS one FROM asset WHERE organisation = $1 LIMIT 1";
    let Some((asset, reason)) = mark(app, turn, id, app.clock().now()).await? else { return Ok(false) };
    purge(app, turn, &asset, reason).await?;
    // An owner who has nothing left needs no key; the next asset makes another.
    if app.store().rows(LEFT, &[(&asset.owner).into()]).await?.is_empty() {
        app.vault().keys().destroy_owner(asset.owner).await?;
    }
    Ok(true)
}

/// Others come first next time: what cannot be removed now must not keep them waiting.
async fn put_off(app: &App, id: Id) -> Result<()> {
    let mut writes = Writes::default();
    writes.add("UPDATE asset SET next_at = $2 WHERE id = $1", [id.into(), (app.clock().now() + AGAIN).into()]);
    app.store().begin().await?.commit_with(writes).await
}

/// Plans some assets of an organisation whose terms have changed. `false` if there was none.
async fn plan_some(app: &App) -> Result<bool> {
    const NEXT: &str = "SELECT organisation, after_asset FROM replan ORDER BY organisation LIMIT 1";
    const ASSETS: &str = select!("organisation = $1 AND id > $2 AND purge IS NULL ORDER BY id LIMIT $3");
    if app.store().rows(NEXT, &[]).await?.is_empty() {
        return Ok(false);
    }
    let mut tx = app.store().begin().await?;
    let rows = tx.rows(NEXT, &[]).await?;
    let Some(row) = rows.first() else { return tx.give_up().await.map(|()| false) };
    let (organisation, after) = (row.id("organisation")?, row.id("after_asset")?);
    let assets = tx.rows(ASSETS, &[(&organisation).into(), (&after).into(), PAGE.into()]).await?;
    let mut writes = Writes::default();
    let mut last = None;
    if !assets.is_empty() {
        let terms = Terms::of(&mut tx, app.policy(), organisation).await?;
        for row in &assets {
            let found = Found::of(row)?;
            let (next_at, due_by): (Option<Time>, Option<Time>) = found.next_times(app.promises(), &terms)?;
            writes.add(
                "UPDATE asset SET next_at = $2, due_by = $3 WHERE id = $1 AND purge IS NULL",
                [found.id.into(), next_at.into(), due_by.into()],
            );
            last = Some(found.id);
        }
    }
    match last.filter(|_| assets.len() as i64 == PAGE) {
        Some(last) => writes.add(
            "UPDATE replan SET after_asset = $3 WHERE organisation = $1 AND after_asset = $2",
            [organisation.into(), after.into(), last.into()],
        ),
        None => writes.add(
            "DELETE FROM replan WHERE organisation = $1 AND after_asset = $2",
            [organisation.into(), after.into()],
        ),
    }
    tx.commit_with(writes).await?;
    Ok(true)
}

/// Forgets tombstones that no backup needs any more.
async fn forget(app: &App) -> Result<()> {
    const OLD: &str = "SELECT asset FROM tombstone WHERE forget_at <= $1 LIMIT $2";
    let now = app.clock().now();
    loop {
        let old = app.store().rows(OLD, &[now.into(), PAGE.into()]).await?;
        let mut writes = Writes::default();
        for row in &old {
            let asset = row.id("asset")?;
            restored::forget(app, asset).await?;
            writes.add("DELETE FROM tombstone WHERE asset = $1", [asset.into()]);
        }
        if old.is_empty() {
            break;
        }
        app.store().begin().await?.commit_with(writes).await?;
    }
    Ok(())
}
