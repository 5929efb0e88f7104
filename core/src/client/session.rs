//! The session of a client: its tokens, which are refreshed once for all calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use packshot_api::service::Tokens;
use tokio::sync::Mutex;

use super::error::{Error, ErrorKind, Result};
use super::tokens::TokenStore;

/// Somebody who is signed in.
pub(super) struct Session {
    store: Arc<dyn TokenStore>,
    /// Held by the call that refreshes, or that signs in or out.
    turn: Mutex<Turn>,
    /// How many refreshes have ended.
    ended: AtomicU64,
}

/// How the last refresh ended.
#[derive(Default)]
struct Turn {
    /// The service refuses this refresh token.
    refused: Option<String>,
    failure: Option<Error>,
}

impl Session {
    pub(super) fn new(store: Arc<dyn TokenStore>) -> Self {
        Self { store, turn: Mutex::default(), ended: AtomicU64::new(0) }
    }

    pub(super) async fn tokens(&self) -> Result<Option<Tokens>> {
        self.store.load().await.map_err(|cause| Error::store("the tokens cannot be read", cause))
    }

    /// A valid access token in place of the one that a call has `used`. One call refreshes, the others wait for it; if it fails,
    /// it fails for those, too. Tokens are never removed: a failure may pass. `ask` exchanges a refresh token for new tokens.
    pub(super) async fn refresh<A: Future<Output = Result<Tokens>>>(
        &self,
        used: &str,
        ask: impl FnOnce(String) -> A,
    ) -> Result<String> {
        let seen = self.ended.load(Ordering::Acquire);
        let mut turn = self.turn.lock().await;
        // Another call, or another process with the same store, may have been faster.
        let tokens = self.tokens().await?.ok_or_else(Error::not_signed_in)?;
        if tokens.access_token != used {
            return Ok(tokens.access_token);
        }
        if turn.refused.as_ref() == Some(&tokens.refresh_token) {
            return Err(Error::session_ended());
        }
        if let Some(failure) = turn.failure.as_ref().filter(|_| self.ended.load(Ordering::Acquire) > seen) {
            return Err(failure.repeated());
        }
        let result = self.exchange(ask(tokens.refresh_token.clone()), &tokens, &mut turn).await;
        turn.failure = result.as_ref().err().map(Error::repeated);
        self.ended.fetch_add(1, Ordering::Release);
        result
    }

    async fn exchange(
        &self,
        ask: impl Future<Output = Result<Tokens>>,
        tokens: &Tokens,
        turn: &mut Turn,
    ) -> Result<String> {
        let answer = ask.await;
        let now = self.tokens().await?.ok_or_else(Error::not_signed_in)?;
        if now.refresh_token != tokens.refresh_token {
            // Meanwhile another process has refreshed, or somebody has signed in: these are newer.
            return Ok(now.access_token);
        }
        match answer {
            Ok(fresh) => {
                self.keep(&fresh).await?;
                Ok(fresh.access_token)
            }
            Err(error) if [ErrorKind::Unauthenticated, ErrorKind::Forbidden].contains(&error.kind()) => {
                turn.refused = Some(tokens.refresh_token.clone());
                Err(Error::session_ended().with_request_id(error.request_id()).because(error))
            }
            Err(error) => Err(error),
        }
    }

    async fn keep(&self, tokens: &Tokens) -> Result<()> {
        self.store.save(tokens).await.map_err(|cause| Error::store("the tokens cannot be kept", cause))
    }

    /// Keeps the tokens of somebody who has signed in.
    pub(super) async fn begin(&self, tokens: &Tokens) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.keep(tokens).await
    }

    /// Removes the tokens of somebody who has signed out.
    pub(super) async fn end(&self) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.store.clear().await.map_err(|cause| Error::store("the tokens cannot be removed", cause))
    }
}
