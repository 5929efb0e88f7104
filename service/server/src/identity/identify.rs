//! From a token to who shows it.

use packshot_api::service::{Permission, Role, Time};

use super::access::role;
use super::tokens::{AccessToken, Lifetimes, read_id};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, Token, TokenKind};
use crate::store::Store;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// A person who is signed in.
    Person { account: Id, session: Id, operator: bool },
    /// A program with an API key.
    Program { key: Id, organisation: Id, permissions: Vec<Permission> },
}

/// What a person is in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Membership {
    pub(crate) organisation: Id,
    pub(crate) role: Role,
}

/// Who shows this token.
pub(crate) async fn identify(store: &Store, secrets: &Secrets, now: Time, text: &str) -> Result<Identity> {
    let invalid = || Error::Denied(Code::TokenInvalid);
    let token = Token::read(secrets, text).ok_or_else(invalid)?;
    let identity = match token.kind {
        TokenKind::Access => match AccessToken::of(&token.facts) {
            Some(token) if token.expires_at > now => person(store, now, token).await?,
            _ => None,
        },
        TokenKind::Key => match read_id(&token.facts) {
            Some(key) => program(store, now, key).await?,
            None => None,
        },
        _ => None,
    };
    identity.ok_or_else(invalid)
}

/// The person of a session that has not ended. The generation before the newest one is good for a short time more:
/// requests with its token may be under way while it is refreshed.
async fn person(store: &Store, now: Time, token: AccessToken) -> Result<Option<Identity>> {
    const SESSION: &str = "SELECT s.account, s.generation, s.refreshed_at, s.expires_at, a.operator \
        FROM session s JOIN account a ON a.id = s.account \
        WHERE s.id = $1 AND s.ended_at IS NULL AND a.state = 'active'";
    let rows = store.rows(SESSION, &[(&token.session).into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let behind = row.int("generation")? - token.generation;
    let graceful = behind == 1 && now < row.time("refreshed_at")? + Lifetimes::DEFAULT.grace;
    if (behind != 0 && !graceful) || row.time("expires_at")? <= now {
        return Ok(None);
    }
    Ok(Some(Identity::Person {
        account: row.id("account")?,
        session: token.session,
        operator: row.int("operator")? != 0,
    }))
}

async fn program(store: &Store, now: Time, key: Id) -> Result<Option<Identity>> {
    const KEY: &str = "SELECT organisation, permissions, expires_at FROM api_key WHERE id = $1 AND ended_at IS NULL";
    let rows = store.rows(KEY, &[(&key).into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    if row.maybe_time("expires_at")?.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    let permissions = row.text("permissions")?.split(' ').map(Permission::from).collect();
    Ok(Some(Identity::Program { key, organisation: row.id("organisation")?, permissions }))
}

/// What `account` is in the organisation that it asked for, or in its first one.
pub(crate) async fn membership(store: &Store, account: Id, asked: Option<Id>) -> Result<Membership> {
    const MEMBER: &str = "SELECT organisation, role FROM member WHERE account = $1 AND organisation = $2";
    const FIRST: &str = "SELECT organisation, role FROM member WHERE account = $1 ORDER BY since, organisation LIMIT 1";
    let rows = match &asked {
        Some(asked) => store.rows(MEMBER, &[(&account).into(), asked.into()]).await?,
        None => store.rows(FIRST, &[(&account).into()]).await?,
    };
    let row = rows.first().ok_or(Error::NotFound("organisation"))?;
    Ok(Membership { organisation: row.id("organisation")?, role: row.word("role", role)? })
}
