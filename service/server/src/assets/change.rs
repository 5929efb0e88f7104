//! Deletes, restores and holds assets.

use packshot_api::service::{AssetState as State, Time};

use super::restored;
use super::row::Found;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::once::Effect;
use crate::retention::Terms;
use crate::state::App;
use crate::store::{Tx, Writes};

/// Deletes assets of an organisation. Uploads that are not complete are removed at once.
pub(crate) struct Remove<'a> {
    pub(crate) app: &'a App,
    pub(crate) organisation: Id,
    pub(crate) assets: Vec<Id>,
}

impl Effect for Remove<'_> {
    /// Those that are deleted now, and those that do not exist.
    type What = (Vec<Id>, Vec<Id>);

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Self::What)> {
        let (app, now, mut writes) = (self.app, self.app.clock().now(), Writes::default());
        let terms = Terms::of(tx, app.policy(), self.organisation).await?;
        let (mut deleted, mut missing) = (Vec::new(), Vec::new());
        for id in &self.assets {
            let found = match Found::in_organisation(tx, self.organisation, *id).await {
                Err(Error::NotFound(_)) => None,
                found => Some(found?),
            };
            match found {
                Some(found) if found.state == State::Ready => {
                    let found = Found { state: State::Deleted, deleted_at: Some(now), ..found };
                    let (next_at, due_by) = found.next_times(app.promises(), &terms)?;
                    writes.add(
                        "UPDATE asset SET state = 'deleted', deleted_at = $2, next_at = $3, due_by = $4 \
                         WHERE id = $1 AND state = 'ready'",
                        [(*id).into(), now.into(), next_at.into(), due_by.into()],
                    );
                    deleted.push(*id);
                }
                Some(found) if matches!(found.state, State::Uploading | State::Checking | State::Refused) => {
                    writes.add(
                        "UPDATE asset SET state = 'purging', deleted_at = $2, next_at = $2 WHERE id = $1",
                        [(*id).into(), now.into()],
                    );
                    deleted.push(*id);
                }
                Some(found) if found.state == State::Deleted => deleted.push(*id),
                _ => missing.push(*id),
            }
        }
        Ok((writes, (deleted, missing)))
    }
}

/// Restores an asset that was deleted.
pub(crate) struct Restore<'a> {
    pub(crate) app: &'a App,
    pub(crate) organisation: Id,
    pub(crate) asset: Id,
}

impl Effect for Restore<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let app = self.app;
        let found = Found::in_organisation(tx, self.organisation, self.asset).await?;
        let terms = Terms::of(tx, app.policy(), self.organisation).await?;
        let until = found.standing(app.promises(), &terms)?.restorable_until;
        if found.state != State::Deleted || until.is_none_or(|until| until <= app.clock().now()) {
            return Err(Error::Denied(Code::NotRestorable));
        }
        let found = Found { state: State::Ready, deleted_at: None, ..found };
        let (next_at, due_by) = found.next_times(app.promises(), &terms)?;
        let mut writes = Writes::default();
        writes.add(
            "UPDATE asset SET state = 'ready', deleted_at = NULL, next_at = $2, due_by = $3 WHERE id = $1 AND state = 'deleted'",
            [self.asset.into(), next_at.into(), due_by.into()],
        );
        Ok((writes, ()))
    }
}

/// Keeps an asset, whatever ends it, until the hold is released.
pub(crate) struct Hold<'a> {
    pub(crate) app: &'a App,
    pub(crate) asset: Id,
    pub(crate) reason: String,
}

impl Effect for Hold<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let now = self.app.clock().now();
        let found = Found::by_id(tx, self.asset).await?;
        if !matches!(found.state, State::Ready | State::Deleted) {
            return Err(Error::NotFound("asset"));
        }
        // First outside the database: a backup of before does not know of it.
        restored::note_hold(self.app, self.asset, now, self.reason.clone()).await?;
        change_hold(self.app, tx, Found { held: Some((now, None)), ..found }, Some(self.reason.clone())).await
    }
}

/// Releases a hold.
pub(crate) struct Release<'a> {
    pub(crate) app: &'a App,
    pub(crate) asset: Id,
}

impl Effect for Release<'_> {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        let now = self.app.clock().now();
        let found = Found::by_id(tx, self.asset).await?;
        let Some((from, None)) = found.held else { return Err(Error::NotFound("hold")) };
        change_hold(self.app, tx, Found { held: Some((from, Some(now))), ..found }, None).await
    }
}

async fn change_hold(app: &App, tx: &mut Tx, found: Found, reason: Option<String>) -> Result<(Writes<'static>, ())> {
    let terms = Terms::of(tx, app.policy(), found.owner).await?;
    let (from, until) = found.held.map_or((None, None), |(from, until): (Time, _)| (Some(from), until));
    let (next_at, due_by) = found.next_times(app.promises(), &terms)?;
    let mut writes = Writes::default();
    writes.add(
        "UPDATE asset SET held_from = $2, held_until = $3, hold_reason = $4, next_at = $5, due_by = $6 \
         WHERE id = $1 AND state <> 'purging'",
        [found.id.into(), from.into(), until.into(), reason.into(), next_at.into(), due_by.into()],
    );
    Ok((writes, ()))
}
