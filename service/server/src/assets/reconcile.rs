//! Compares what the database knows with what is stored, both ways: content and keys that no asset has are removed, and assets
//! whose content is missing are told.

use std::time::Duration;

use super::row::{Found, select};
use crate::error::Result;
use crate::id::Id;
use crate::state::App;
use crate::vault::{Listed, prefix};

/// How many are compared at once.
const PAGE: u32 = 500;
/// What is younger may belong to an upload that begins at this moment.
const YOUNG: Duration = Duration::from_secs(3600);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reconciled {
    /// Objects and keys without an asset, which were removed.
    pub(crate) orphans: u64,
    /// Assets that are said to be there, and whose content or key is not.
    pub(crate) missing: Vec<Id>,
}

/// Compares all of it.
pub(crate) async fn reconcile(app: &App) -> Result<Reconciled> {
    let mut found = Reconciled::default();
    objects(app, &mut found).await?;
    keys(app, &mut found).await?;
    assets(app, &mut found).await?;
    if found.orphans > 0 {
        app.vault().keys().settle().await?;
    }
    Ok(found)
}

/// The owner and the asset of a path in the vault.
fn owner(path: &str) -> Option<(Id, Id)> {
    let mut parts = path.split('/');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

async fn objects(app: &App, found: &mut Reconciled) -> Result<()> {
    let old = app.clock().now() - YOUNG;
    let mut after = String::new();
    loop {
        let page = app.vault().objects().page(&after, PAGE as usize).await?;
        let Some(Listed { path: last, .. }) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for Listed { path, at } in &page {
            let kept = match owner(path) {
                Some((owner, asset)) => Found::in_organisation(&mut app.store(), owner, asset).await.is_ok(),
                // Nothing of the service has such a name: somebody else put it there, and may take it away.
                None => true,
            };
            if !kept && *at < old {
                app.vault().objects().remove_all(path).await?;
                found.orphans += 1;
            }
        }
    }
}

async fn keys(app: &App, found: &mut Reconciled) -> Result<()> {
    let mut after = Id::from_bytes([0; 16]);
    loop {
        let page = app.vault().keys().page(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = *last;
        for asset in page {
            // A key is made when its asset is known already.
            if Found::by_id(&mut app.store(), asset).await.is_err() {
                app.vault().keys().destroy(asset).await?;
                found.orphans += 1;
            }
        }
    }
}

async fn assets(app: &App, found: &mut Reconciled) -> Result<()> {
    const ASSETS: &str = select!("id > $1 AND state IN ('ready', 'deleted') ORDER BY id LIMIT $2");
    let mut after = Id::from_bytes([0; 16]);
    loop {
        let rows = app.store().rows(ASSETS, &[(&after).into(), i64::from(PAGE).into()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.id("id")?;
        for row in &rows {
            let asset = Found::of(row)?;
            let gone = app.vault().objects().is_gone(&prefix(asset.owner, asset.id)).await?;
            if gone || !app.vault().keys().has(asset.id).await? {
                found.missing.push(asset.id);
            }
        }
    }
}
