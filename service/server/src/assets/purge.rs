//! Removes an asset, step by step, and proves it.
//!
//! Each step can be done again: whatever breaks off goes on with the next sweep. The tombstone comes last, so that nothing is
//! said to be gone before somebody has looked.

use std::time::Duration;

use packshot_api::service::{AssetState as State, PurgeProof, RetentionReport, Time};
use packshot_policy::{Calendar, NoteSigner, Purged, Record, Tier};
use serde::{Deserialize, Serialize};

use super::restored::Tombstone;
use super::row::Found;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::retention::{Next, Terms, Turn, events, instant, time};
use crate::state::App;
use crate::store::{Row, Tx, Writes};
use crate::vault::prefix;

/// Why an asset goes, as it was decided when it was marked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reason {
    class: String,
    rule: String,
    policy: (String, String),
    due: Time,
}

/// How soon what failed is tried again.
pub(super) const AGAIN: Duration = Duration::from_secs(30);
/// What looks for an asset afterwards does not find.
const CHECKED: [&str; 3] = ["content", "key", "rows"];

/// Marks an asset whose time is over: from now on nobody reads or restores it. What else was due is done at once. Returns why
/// it goes, or nothing if it stays.
pub(super) async fn mark(app: &App, turn: Turn, id: Id, now: Time) -> Result<Option<(Found, Reason)>> {
    let mut tx = app.store().begin().await?;
    turn.check(&mut tx).await?;
    let found = match Found::by_id(&mut tx, id).await {
        Err(Error::NotFound(_)) => return tx.give_up().await.map(|()| None),
        found => found?,
    };
    if let Some(reason) = reason_of(&mut tx, id).await? {
        tx.give_up().await?;
        return Ok(Some((found, reason)));
    }
    let terms = Terms::of(&mut tx, app.policy(), found.owner).await?;
    let standing = found.standing(app.promises(), &terms)?;
    let mut writes = Writes::default();
    let reason = match standing.next {
        // It ends because somebody gave it up, before any period does.
        None if found.state == State::Purging => Some(Reason::own(app, &found, now)),
        Some(next) if found.state == State::Purging || is_due(&next, now) && is_purge(&next) => {
            Some(Reason::of(app, &found, next))
        }
        Some(next) if is_due(&next, now) => {
            let found = Found { restricted: true, ..found.clone() };
            let (next_at, due_by) = found.next_times(app.promises(), &terms)?;
            writes.add(
                "UPDATE asset SET restricted = 1, next_at = $2, due_by = $3 WHERE id = $1",
                [id.into(), next_at.into(), due_by.into()],
            );
            None
        }
        next => {
            // It was planned before something changed.
            let (next_at, due_by) = next.map_or((None, None), |next| (Some(next.at), Some(next.by)));
            writes.add(
                "UPDATE asset SET next_at = $2, due_by = $3 WHERE id = $1",
                [id.into(), next_at.into(), due_by.into()],
            );
            None
        }
    };
    if let Some(reason) = &reason {
        let text = serde_json::to_string(reason).map_err(|cause| Error::Internal(cause.to_string()))?;
        writes.add(
            "UPDATE asset SET state = 'purging', purge = $2, due_by = $3 WHERE id = $1",
            [id.into(), text.into(), reason.due.into()],
        );
    }
    tx.commit_with(writes).await?;
    Ok(reason.map(|reason| (found, reason)))
}

fn is_due(next: &Next, now: Time) -> bool {
    next.at <= now
}

fn is_purge(next: &Next) -> bool {
    next.action == packshot_policy::Action::Purge
}

async fn reason_of(tx: &mut Tx, id: Id) -> Result<Option<Reason>> {
    let rows = tx.rows("SELECT purge FROM asset WHERE id = $1", &[(&id).into()]).await?;
    let Some(text) = rows.first().map(|row| row.maybe_text("purge")).transpose()?.flatten() else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|cause| Error::Internal(cause.to_string()))
}

impl Reason {
    fn of(app: &App, found: &Found, next: Next) -> Self {
        Self { rule: next.rule, policy: next.policy, due: next.by, ..Self::own(app, found, next.by) }
    }

    /// Of what its owner gave up before it was complete.
    fn own(app: &App, found: &Found, now: Time) -> Self {
        let policy = app.policy();
        let class = found.class(policy).map_or("upload.incomplete".to_owned(), |class| class.to_string());
        let identity = policy.identity;
        let version = (identity.version.to_string(), identity.hash.to_string());
        Self { class, rule: "removed".to_owned(), policy: version, due: now }
    }
}

/// Removes an asset that was marked.
pub(super) async fn purge(app: &App, turn: Turn, asset: &Found, reason: Reason) -> Result<()> {
    let prefix = prefix(asset.owner, asset.id);
    let (objects, keys) = (app.vault().objects(), app.vault().keys());
    step(app, "content", objects.remove_all(&prefix)).await?;
    step(app, "key", keys.destroy(asset.id)).await?;
    let check = async {
        if !objects.is_gone(&prefix).await? || keys.has(asset.id).await? {
            return Err(Error::Objects(format!("{} is not gone", asset.id)));
        }
        Ok(())
    };
    step(app, "check", check).await?;
    step(app, "rows", bury(app, turn, asset, reason)).await
}

/// Runs a step, with the faults that tests ask for before and after it.
async fn step(app: &App, name: &str, work: impl Future<Output = Result<()>>) -> Result<()> {
    let fault = app.faults().and_then(|faults| faults.next_of(&format!("/purge/{name}")));
    let injected = || Err(Error::Internal("injected by a test".to_owned()));
    match fault {
        Some(fault) if fault.is_before() => injected(),
        fault => {
            work.await?;
            if fault.is_some() { injected() } else { Ok(()) }
        }
    }
}

/// Removes the rows, and leaves a tombstone with the proof.
async fn bury(app: &App, turn: Turn, asset: &Found, reason: Reason) -> Result<()> {
    let now = app.clock().now();
    let purged = Purged {
        service: app.policy().about.service.clone(),
        record: asset.id.to_string(),
        class: reason.class,
        rule: reason.rule,
        policy: reason.policy,
        due: instant(reason.due)?,
        gone: instant(now)?,
        checked: CHECKED.map(str::to_owned).into(),
    };
    let tombstone = Tombstone {
        asset: asset.id,
        organisation: asset.owner,
        due_by: reason.due,
        gone_at: now,
        proof: purged.signed(&signer(app)),
        forget_at: forget_at(app, now)?,
    };
    // Only one copy counts removals.
    let mut tx = app.store().begin().await?;
    turn.check(&mut tx).await?;
    let mut writes = Writes::default();
    tombstone.note(app, &mut tx, &mut writes).await?;
    writes.add("DELETE FROM asset_part WHERE asset = $1", [asset.id.into()]);
    writes.add("DELETE FROM asset_variant WHERE asset = $1", [asset.id.into()]);
    writes.add("DELETE FROM asset WHERE id = $1", [asset.id.into()]);
    tombstone.write(&mut writes);
    tx.commit_with(writes).await
}

/// When a tombstone may be forgotten: no backup has the asset any more.
fn forget_at(app: &App, now: Time) -> Result<Option<Time>> {
    let policy = app.policy();
    let Some(class) = policy.class("tombstone") else { return Ok(None) };
    let Some(plan) = policy.plan_ids().next() else { return Ok(None) };
    let made = events(policy, class, [(packshot_policy::Clock::CreatedAt, Some(now))])?;
    let record = Record::new(class, plan, made).in_tier(Tier::Production);
    let standing = app.promises().standing(&record, policy.identity.hash.0)?;
    Ok(standing.next.map(|next| next.at))
}

/// Signs proofs.
pub(crate) fn signer(app: &App) -> NoteSigner {
    NoteSigner::new(&app.policy().about.service, app.secrets().proofs())
}

/// The proof that an asset of an organisation is gone.
pub(crate) async fn proof(app: &App, organisation: Id, asset: Id) -> Result<PurgeProof> {
    const PROOF: &str = "SELECT due_by, gone_at, proof FROM tombstone WHERE asset = $1 AND organisation = $2";
    let rows = app.store().rows(PROOF, &[(&asset).into(), (&organisation).into()]).await?;
    let row = rows.first().ok_or(Error::NotFound("proof"))?;
    Ok(PurgeProof {
        asset: asset.to_string(),
        gone_at: row.time("gone_at")?,
        due_by: row.time("due_by")?,
        note: row.text("proof")?,
    })
}

/// How well the promises are kept.
pub(crate) async fn report(app: &App) -> Result<RetentionReport> {
    const DUE: &str = "SELECT COUNT(*) AS number FROM asset WHERE next_at <= $1";
    // What was put off because it failed comes again soon.
    const LATE: &str = "SELECT COUNT(*) AS number, MIN(due_by) AS first FROM asset WHERE next_at <= $1 AND due_by < $2";
    const HELD: &str = "SELECT COUNT(*) AS number FROM asset WHERE held_from IS NOT NULL AND held_until IS NULL";
    const GONE: &str = "SELECT COUNT(*) AS number FROM tombstone";
    let (store, now) = (app.store(), app.clock().now());
    let policy = app.policy();
    let calendar = Calendar::new(policy.about.timezone.clone());
    // What was due at this moment would be late by just the policy's alert.
    let alert = time(calendar.at_the_latest(instant(now)?, policy.engine.lag_alert));
    let alert = now - Duration::from_micros(u64::try_from(alert.as_micros() - now.as_micros()).unwrap_or(0));
    let soon = now + AGAIN;
    let number = |rows: &[Row]| rows.first().map_or(Ok(0), |row| row.int("number"));
    let overdue = store.rows(LATE, &[soon.into(), now.into()]).await?;
    let first = overdue.first().map(|row| row.maybe_int("first")).transpose()?.flatten();
    Ok(RetentionReport {
        due: number(&store.rows(DUE, &[now.into()]).await?)?,
        late: number(&store.rows(LATE, &[soon.into(), alert.into()]).await?)?,
        lag: first.map_or(0, |first| (now.as_micros() - first) / 1_000_000),
        held: number(&store.rows(HELD, &[]).await?)?,
        gone: number(&store.rows(GONE, &[]).await?)?,
    })
}
