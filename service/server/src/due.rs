//! Work that nobody asks for: what expires, what plans give, what is forgotten.

use std::time::Duration;

use crate::assets;
use crate::error::Result;
use crate::http::settle_metrics;
use crate::mail;
use crate::plans::give_due;
use crate::state::App;
use crate::store::Writes;

/// How often there is a look at what is due.
const EVERY: Duration = Duration::from_secs(1);

/// How much of each kind is done in one turn.
const BATCH: u32 = 200;

/// How long a request's key is known. Longer than any client goes on trying.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Works until it is aborted.
pub(crate) async fn run(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = run_once(&app).await {
            tracing::error!(code = error.code().as_str(), cause = %error, "work in the background failed");
        }
        app.limits().forget();
        settle_metrics();
    }
}

/// Does what is due.
pub(crate) async fn run_once(app: &App) -> Result<()> {
    while app.ledger().expire_due(BATCH).await? == BATCH {}
    while give_due(app.store(), app.ledger(), app.clock(), app.plans(), BATCH).await? == BATCH {}
    while mail::deliver_due(app, BATCH).await? == BATCH {}
    assets::sweep(app, BATCH).await?;
    forget(app).await
}

/// Forgets the keys of old requests.
async fn forget(app: &App) -> Result<()> {
    let old = app.clock().now() - REMEMBERED;
    let due = "SELECT 1 AS one FROM request WHERE at < $1 LIMIT 1";
    if app.store().rows(due, &[old.into()]).await?.is_empty() {
        return Ok(());
    }
    let mut writes = Writes::default();
    writes.add("DELETE FROM request WHERE at < $1", [old.into()]);
    app.store().begin().await?.commit_with(writes).await
}
