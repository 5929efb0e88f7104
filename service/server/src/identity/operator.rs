//! The first person: who operates the service. A link that only the machine's owner sees makes them so.

use std::time::Duration;

use packshot_api::service::{Time, Tokens};

use super::tokens::{Lifetimes, RefreshToken, access_until, tokens};
use crate::app::App;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, SubjectKey, Token, TokenKind, field};
use crate::store::{Store, Tx, Writes};

/// How long a link works.
const LINK: Duration = Duration::from_secs(24 * 3600);

/// How long an operator's token for tests works: their clocks jump.
const LONG: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// The address of the operator's account until they give another.
const ADDRESS: &str = "operator@localhost";

const NUMBER: &str = "operator_link";

/// The code of a new link. Links from before end.
pub(crate) async fn code(store: &Store, secrets: &Secrets, now: Time) -> Result<String> {
    let mut tx = store.begin().await?;
    let number = number(&mut tx).await? + 1;
    tx.commit_with(set_number(number)).await?;
    let facts = [number, (now + LINK).as_micros()].map(i64::to_be_bytes);
    Token::new(TokenKind::Operator, facts.as_flattened()).write(secrets)
}

/// Signs the operator in, with a code that works once. Returns what to write, and the facts of the session.
pub(crate) async fn sign_in(app: &App, tx: &mut Tx, code: &str) -> Result<(Writes<'static>, RefreshToken)> {
    let invalid = || Error::Denied(Code::CodeInvalid);
    let facts = Token::read_as(app.secrets(), TokenKind::Operator, code).ok_or_else(invalid)?;
    let (used, until) = facts.split_first_chunk().ok_or_else(invalid)?;
    let until = i64::from_be_bytes(until.try_into().map_err(|_| invalid())?);
    if number(tx).await? != i64::from_be_bytes(*used) || until <= app.clock().now().as_micros() {
        return Err(invalid());
    }
    let mut writes = set_number(i64::from_be_bytes(*used) + 1);
    let session = session(app, tx, &mut writes, Lifetimes::DEFAULT.idle).await?;
    Ok((writes, session))
}

/// The tokens of a session that [`sign_in`] made.
pub(crate) async fn tokens_of(app: &App, session: RefreshToken) -> Result<Tokens> {
    const SESSION: &str = "SELECT refreshed_at, expires_at FROM session WHERE id = $1";
    let rows = app.store().rows(SESSION, &[(&session.session).into()]).await?;
    let row = rows.first().ok_or(Error::Denied(Code::TokenInvalid))?;
    tokens(app.secrets(), session, row.time("refreshed_at")?, row.time("expires_at")?)
}

/// An access token for tests.
pub(crate) async fn token(app: &App) -> Result<String> {
    let mut tx = app.store().begin().await?;
    let mut writes = Writes::default();
    let session = session(app, &mut tx, &mut writes, LONG).await?;
    tx.commit_with(writes).await?;
    access_until(app.secrets(), session, app.clock().now() + LONG)
}

/// An organisation of the operator's, which is made if there is none.
pub(crate) async fn demo_organisation(app: &App) -> Result<Id> {
    const FIRST: &str = "SELECT m.organisation FROM member m JOIN account a ON a.id = m.account \
        WHERE a.operator = 1 ORDER BY m.since LIMIT 1";
    let mut tx = app.store().begin().await?;
    if let Some(row) = tx.rows(FIRST, &[]).await?.first() {
        return row.id("organisation");
    }
    let mut writes = Writes::default();
    let account = account(app, &mut tx, &mut writes).await?;
    let (id, now) = (Id::new(), app.clock().now());
    let key = SubjectKey::new(id)?;
    let plan = app.plans().first()?.id.clone();
    writes.add("INSERT INTO subject_key VALUES ($1, $2)", [id.into(), key.wrapped(app.secrets())?.into()]);
    writes.add(
        "INSERT INTO organisation VALUES ($1, $2, $3, $4, $5)",
        [id.into(), key.seal(field::NAME, "Demo")?.into(), plan.into(), None::<i64>.into(), now.into()],
    );
    writes.add("INSERT INTO member VALUES ($1, $2, 'owner', $3)", [id.into(), account.into(), now.into()]);
    tx.commit_with(writes).await?;
    Ok(id)
}

/// The operator's account, which is made if there is none.
async fn account(app: &App, tx: &mut Tx, writes: &mut Writes<'static>) -> Result<Id> {
    const OPERATOR: &str = "SELECT id FROM account WHERE operator = 1 AND state = 'active' ORDER BY created_at LIMIT 1";
    match tx.rows(OPERATOR, &[]).await?.first() {
        Some(row) => row.id("id"),
        None => add_account(app, writes),
    }
}

/// A session of the operator's account, which is made if there is none.
async fn session(app: &App, tx: &mut Tx, writes: &mut Writes<'static>, lasts: Duration) -> Result<RefreshToken> {
    let now = app.clock().now();
    let account = account(app, tx, writes).await?;
    let session = Id::new();
    writes.add(
        "INSERT INTO session VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [session.into(), account.into(), 0.into(), now.into(), now.into(), (now + lasts).into(), None::<i64>.into()],
    );
    Ok(RefreshToken { session, generation: 0 })
}

/// The operator's account. It has no password that anybody knows: its owner asks for one by mail once it has an address.
fn add_account(app: &App, writes: &mut Writes<'static>) -> Result<Id> {
    let (id, now) = (Id::new(), app.clock().now());
    let key = SubjectKey::new(id)?;
    let identity = app.policy().identity;
    writes.add("INSERT INTO subject_key VALUES ($1, $2)", [id.into(), key.wrapped(app.secrets())?.into()]);
    writes.add(
        "INSERT INTO account VALUES ($1, $2, $3, $4, $5, 0, 'active', 1, $6, $7, $8, $9, $9, $10)",
        [
            id.into(),
            app.secrets().lookup(ADDRESS)?.to_vec().into(),
            key.seal(field::EMAIL, ADDRESS)?.into(),
            None::<Vec<u8>>.into(),
            "!".into(),
            None::<Vec<u8>>.into(),
            identity.version.to_string().into(),
            identity.hash.0.to_vec().into(),
            now.into(),
            None::<i64>.into(),
        ],
    );
    Ok(id)
}

async fn number(tx: &mut Tx) -> Result<i64> {
    let rows = tx.rows("SELECT value FROM fact WHERE name = $1", &[NUMBER.into()]).await?;
    rows.first().map_or(Ok(0), |row| Ok(i64::from_be_bytes(row.bytes("value")?)))
}

fn set_number(number: i64) -> Writes<'static> {
    let mut writes = Writes::default();
    writes.add(
        "INSERT INTO fact VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        [NUMBER.into(), number.to_be_bytes().to_vec().into()],
    );
    writes
}
