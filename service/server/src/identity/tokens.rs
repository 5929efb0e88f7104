//! The tokens of sessions and API keys.

use std::time::Duration;

use packshot_api::service::{Time, Tokens};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::id::Id;
use crate::secrets::{Secrets, Token, TokenKind};

/// How long tokens are valid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetimes {
    /// Of an access token.
    pub(crate) access: Duration,
    /// Of a session that is not refreshed.
    pub(crate) idle: Duration,
    /// Of a session, however often it is refreshed.
    pub(crate) absolute: Duration,
    /// Of the refresh token before the newest one, for answers that were lost.
    pub(crate) grace: Duration,
}

impl Lifetimes {
    pub(crate) const DEFAULT: Self = Self {
        access: Duration::from_secs(15 * 60),
        idle: Duration::from_secs(30 * 24 * 3600),
        absolute: Duration::from_secs(90 * 24 * 3600),
        grace: Duration::from_secs(30),
    };
}

/// The facts in an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AccessToken {
    pub(crate) session: Id,
    pub(crate) generation: i64,
    pub(crate) expires_at: Time,
}

/// The facts in a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) session: Id,
    pub(crate) generation: i64,
}

impl AccessToken {
    fn facts(&self) -> Vec<u8> {
        let numbers = [self.generation, self.expires_at.as_micros()].map(i64::to_be_bytes);
        [self.session.as_bytes().as_slice(), numbers.as_flattened()].concat()
    }

    pub(crate) fn of(facts: &[u8]) -> Option<Self> {
        let (session, rest) = facts.split_first_chunk()?;
        let (generation, expires_at) = rest.split_first_chunk()?;
        Some(Self {
            session: Id::from_bytes(*session),
            generation: i64::from_be_bytes(*generation),
            expires_at: Time::from_micros(i64::from_be_bytes(expires_at.try_into().ok()?)),
        })
    }
}

impl RefreshToken {
    fn facts(&self) -> Vec<u8> {
        [self.session.as_bytes().as_slice(), &self.generation.to_be_bytes()].concat()
    }

    pub(crate) fn read(secrets: &Secrets, text: &str) -> Option<Self> {
        let facts = Token::read_as(secrets, TokenKind::Refresh, text)?;
        let (session, generation) = facts.split_first_chunk()?;
        let generation = i64::from_be_bytes(generation.try_into().ok()?);
        Some(Self { session: Id::from_bytes(*session), generation })
    }
}

/// The tokens of one generation of a session, which began at `refreshed_at` and ends at `expires_at`. The same facts give
/// the same tokens.
pub(crate) fn tokens(secrets: &Secrets, refresh: RefreshToken, refreshed_at: Time, expires_at: Time) -> Result<Tokens> {
    let access_expires_at = expires_at.min(refreshed_at + Lifetimes::DEFAULT.access);
    let RefreshToken { session, generation } = refresh;
    let access = AccessToken { session, generation, expires_at: access_expires_at };
    Ok(Tokens {
        session: session.to_string(),
        access_token: Token::new(TokenKind::Access, access.facts()).write(secrets)?,
        access_expires_at,
        refresh_token: Token::new(TokenKind::Refresh, refresh.facts()).write(secrets)?,
        refresh_expires_at: expires_at,
    })
}

/// An access token of a session with an end of its own.
pub(crate) fn access_until(secrets: &Secrets, refresh: RefreshToken, expires_at: Time) -> Result<String> {
    let RefreshToken { session, generation } = refresh;
    Token::new(TokenKind::Access, AccessToken { session, generation, expires_at }.facts()).write(secrets)
}

/// The id in the facts of a token that holds nothing else.
pub(crate) fn read_id(facts: &[u8]) -> Option<Id> {
    facts.try_into().ok().map(Id::from_bytes)
}
