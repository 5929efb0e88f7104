//! The first person: who operates the service. A link that only the machine's owner sees makes them so.

use std::time::Duration;

use packshot_api::service::Time;

use super::tokens::{Lifetimes, RefreshToken, access_until};
use super::{organisations, sessions, subjects};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, Token, TokenKind, field};
use crate::state::App;
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
    let id = organisations::add(app, &mut writes, account, "Demo")?;
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
    Ok(sessions::add(writes, account, now, lasts))
}

/// The operator's account. It has no password that anybody knows: its owner asks for one by mail once it has an address.
fn add_account(app: &App, writes: &mut Writes<'static>) -> Result<Id> {
    let (id, now) = (Id::new(), app.clock().now());
    let key = subjects::add(app.secrets(), id, writes)?;
    let identity = app.policy().identity;
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
