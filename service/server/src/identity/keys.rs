//! API keys of an organisation.

use packshot_api::service::{ApiKey, Permission, Time};

use super::{organisations, subjects};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::once::Effect;
use crate::secrets::{SubjectKey, Token, TokenKind, field};
use crate::state::App;
use crate::store::{Row, Tx, Writes};

/// The keys of an organisation that have not ended.
pub(crate) async fn list(app: &App, organisation: Id) -> Result<Vec<ApiKey>> {
    const LIST: &str = "SELECT id, name, permissions, created_at, expires_at FROM api_key \
        WHERE organisation = $1 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at, id";
    let rows = app.store().rows(LIST, &[(&organisation).into(), app.clock().now().into()]).await?;
    let key = subjects::key(app.store(), app.secrets(), organisation).await?;
    rows.iter().map(|row| view(&key, row)).collect()
}

/// A key with its secret, for who makes it.
pub(crate) async fn with_secret(app: &App, organisation: Id, id: Id) -> Result<ApiKey> {
    const SHOW: &str =
        "SELECT id, name, permissions, created_at, expires_at FROM api_key WHERE organisation = $1 AND id = $2";
    let rows = app.store().rows(SHOW, &[(&organisation).into(), (&id).into()]).await?;
    let key = subjects::key(app.store(), app.secrets(), organisation).await?;
    let found = view(&key, rows.first().ok_or(Error::NotFound("key"))?)?;
    let secret = Token::new(TokenKind::Key, *id.as_bytes()).write(app.secrets())?;
    Ok(ApiKey { secret: Some(secret), ..found })
}

fn view(key: &SubjectKey, row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.id("id")?.to_string(),
        name: key.open(field::NAME, &row.blob("name")?)?,
        permissions: row.text("permissions")?.split(' ').map(Permission::from).collect(),
        created_at: row.time("created_at")?,
        expires_at: row.maybe_time("expires_at")?,
        secret: None,
    })
}

/// A new key.
pub(crate) struct Create<'a> {
    pub(crate) app: &'a App,
    pub(crate) organisation: Id,
    pub(crate) made_by: Id,
    pub(crate) name: String,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) expires_at: Option<Time>,
}

impl Effect for Create<'_> {
    type What = Id;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, Id)> {
        const COUNT: &str = "SELECT COUNT(*) AS number FROM api_key \
            WHERE organisation = $1 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
        let (app, now, organisation) = (self.app, self.app.clock().now(), self.organisation);
        let count = tx.rows(COUNT, &[(&organisation).into(), now.into()]).await?;
        let count = count.first().map(|row| row.int("number")).transpose()?.unwrap_or(0);
        if count >= i64::from(organisations::limits(app, tx, organisation).await?.1) {
            return Err(Error::Denied(Code::LimitReached));
        }
        let (id, mut writes) = (Id::new(), Writes::default());
        let key = subjects::key_in(tx, app.secrets(), organisation).await?;
        let words = self.permissions.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ");
        writes.add(
            "INSERT INTO api_key VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
            [
                id.into(),
                organisation.into(),
                key.seal(field::NAME, &self.name)?.into(),
                words.into(),
                self.made_by.into(),
                now.into(),
                self.expires_at.into(),
            ],
        );
        Ok((writes, id))
    }
}

/// Ends a key.
pub(crate) struct End {
    pub(crate) organisation: Id,
    pub(crate) id: Id,
    pub(crate) now: Time,
}

impl Effect for End {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const FIND: &str = "SELECT 1 AS one FROM api_key WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        if tx.rows(FIND, &[(&self.organisation).into(), (&self.id).into()]).await?.is_empty() {
            return Err(Error::NotFound("key"));
        }
        let mut writes = Writes::default();
        writes.add("UPDATE api_key SET ended_at = $2 WHERE id = $1", [self.id.into(), self.now.into()]);
        Ok((writes, ()))
    }
}
