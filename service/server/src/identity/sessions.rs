//! Sessions: opened, refreshed, listed and ended.

use packshot_api::service::{AccountState, Session, Time, Tokens};

use super::accounts::Found;
use super::tokens::{Lifetimes, RefreshToken, tokens};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::once::Effect;
use crate::state::App;
use crate::store::{Tx, Writes};

/// The account of an address and a password. Nobody learns from the answer, or from how long it takes, whether the address
/// has an account.
pub(crate) async fn authenticate(app: &App, email: &str, password: &str) -> Result<Found> {
    // An address that is none has no account.
    let email = super::email::normalised("email", email).unwrap_or_default();
    let found = Found::by_email(app, &email).await?;
    let fits = app.passwords().verify(password, found.as_ref().map(|found| &*found.password)).await?;
    found.filter(|_| fits).ok_or(Error::Denied(Code::SignInFailed))
}

/// Opens a session of an account.
pub(crate) struct Open<'a> {
    pub(crate) app: &'a App,
    pub(crate) account: Id,
}

impl Effect for Open<'_> {
    type What = RefreshToken;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, RefreshToken)> {
        let found = Found::by_id_in(tx, self.account).await?;
        if found.is_none_or(|found| found.state != AccountState::Active) {
            return Err(Error::Denied(Code::AccountNotActive));
        }
        let mut writes = Writes::default();
        let session = add(&mut writes, self.account, self.app.clock().now(), Lifetimes::DEFAULT.idle);
        Ok((writes, session))
    }
}

/// Adds a session that ends after `lasts`.
pub(crate) fn add(writes: &mut Writes<'static>, account: Id, now: Time, lasts: std::time::Duration) -> RefreshToken {
    let session = Id::new();
    writes.add(
        "INSERT INTO session VALUES ($1, $2, 0, $3, $3, $4, NULL)",
        [session.into(), account.into(), now.into(), (now + lasts).into()],
    );
    RefreshToken { session, generation: 0 }
}

/// The tokens of a session.
pub(crate) async fn tokens_of(app: &App, session: RefreshToken) -> Result<Tokens> {
    const SESSION: &str = "SELECT refreshed_at, expires_at FROM session WHERE id = $1";
    let rows = app.store().rows(SESSION, &[(&session.session).into()]).await?;
    let row = rows.first().ok_or(Error::Denied(Code::TokenInvalid))?;
    tokens(app.secrets(), session, row.time("refreshed_at")?, row.time("expires_at")?)
}

/// What a refresh token is worth.
enum Worth {
    /// It is the newest one.
    Newest(Newest),
    /// It is the one before, and its answer may have been lost: it gets that answer again.
    Before { generation: i64 },
    /// It is older, so somebody else may have it: the session ends.
    Stolen,
    /// Its session has ended.
    Nothing,
}

struct Newest {
    created_at: Time,
}

async fn worth(tx: &mut Tx, token: RefreshToken, now: Time) -> Result<Worth> {
    const SESSION: &str = "SELECT s.generation, s.created_at, s.refreshed_at, s.expires_at FROM session s \
        JOIN account a ON a.id = s.account WHERE s.id = $1 AND s.ended_at IS NULL AND a.state = 'active'";
    let rows = tx.rows(SESSION, &[(&token.session).into()]).await?;
    let Some(row) = rows.first() else { return Ok(Worth::Nothing) };
    if row.time("expires_at")? <= now {
        return Ok(Worth::Nothing);
    }
    let generation = row.int("generation")?;
    let graceful = now < row.time("refreshed_at")? + Lifetimes::DEFAULT.grace;
    Ok(match generation - token.generation {
        0 => Worth::Newest(Newest { created_at: row.time("created_at")? }),
        1 if graceful => Worth::Before { generation },
        _ => Worth::Stolen,
    })
}

/// Exchanges a refresh token. Two at the same time get the same new one.
pub(crate) struct Renew<'a> {
    pub(crate) app: &'a App,
    pub(crate) token: RefreshToken,
}

impl Effect for Renew<'_> {
    type What = RefreshToken;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, RefreshToken)> {
        let (now, session) = (self.app.clock().now(), self.token.session);
        let mut writes = Writes::default();
        let generation = match worth(tx, self.token, now).await? {
            Worth::Newest(Newest { created_at }) => {
                let ends = (now + Lifetimes::DEFAULT.idle).min(created_at + Lifetimes::DEFAULT.absolute);
                // Somebody who was faster has made the same generation already, and then this changes nothing.
                writes.add(
                    "UPDATE session SET generation = generation + 1, refreshed_at = $3, expires_at = $4 \
                        WHERE id = $1 AND generation = $2 AND ended_at IS NULL",
                    [session.into(), self.token.generation.into(), now.into(), ends.into()],
                );
                self.token.generation + 1
            }
            Worth::Before { generation } => generation,
            Worth::Stolen | Worth::Nothing => return Err(Error::Denied(Code::TokenInvalid)),
        };
        Ok((writes, RefreshToken { session, generation }))
    }
}

/// Ends the session of a token that must not be used any more.
pub(crate) async fn end_if_stolen(app: &App, token: RefreshToken) -> Result<()> {
    let (now, mut tx) = (app.clock().now(), app.store().begin().await?);
    if !matches!(worth(&mut tx, token, now).await?, Worth::Stolen) {
        return Ok(());
    }
    tracing::warn!(session = %token.session, "an old refresh token was used; its session ended");
    let mut writes = Writes::default();
    writes.add("UPDATE session SET ended_at = $2 WHERE id = $1", [token.session.into(), now.into()]);
    tx.commit_with(writes).await
}

/// Where an account is signed in.
pub(crate) async fn list(app: &App, account: Id, current: Id) -> Result<Vec<Session>> {
    const LIST: &str = "SELECT id, created_at, refreshed_at, expires_at FROM session \
        WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id";
    let rows = app.store().rows(LIST, &[(&account).into(), app.clock().now().into()]).await?;
    let session = |row: &crate::store::Row| {
        let id = row.id("id")?;
        Ok(Session {
            id: id.to_string(),
            created_at: row.time("created_at")?,
            refreshed_at: row.time("refreshed_at")?,
            expires_at: row.time("expires_at")?,
            current: id == current,
        })
    };
    rows.iter().map(session).collect()
}

/// Ends a session of an account.
pub(crate) struct End {
    pub(crate) account: Id,
    pub(crate) session: Id,
    pub(crate) now: Time,
}

impl Effect for End {
    type What = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, ())> {
        const FIND: &str = "SELECT 1 AS one FROM session WHERE id = $1 AND account = $2 AND ended_at IS NULL";
        if tx.rows(FIND, &[(&self.session).into(), (&self.account).into()]).await?.is_empty() {
            return Err(Error::NotFound("session"));
        }
        let mut writes = Writes::default();
        writes.add("UPDATE session SET ended_at = $2 WHERE id = $1", [self.session.into(), self.now.into()]);
        Ok((writes, ()))
    }
}
