//! Accounts and their sessions.

use packshot_api::service::{
    self, Email, Password, PasswordChange, Profile, Refresh, ResetPassword, SignIn, SignUp, Token, Tokens,
};

use crate::client::builder::Client;
use crate::client::call::Call;
use crate::client::error::{ErrorKind, Result};
use crate::client::pages::Pages;

/// [`Client::account`].
#[derive(Debug, Clone, Copy)]
pub struct Account<'c>(&'c Client);

/// [`Client::sessions`].
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'c>(&'c Client);

impl Client {
    /// The account of who is signed in, and how to get one.
    #[must_use]
    pub fn account(&self) -> Account<'_> {
        Account(self)
    }

    /// Where the account is signed in.
    #[must_use]
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }

    /// Signs in, and keeps the tokens in the client's store.
    ///
    /// # Errors
    /// `sign_in_failed` if address and password do not belong together. If the client has no store.
    pub async fn sign_in(&self, who: &SignIn) -> Result<()> {
        let session = self.session()?;
        session.begin(&self.sessions().create(who).await?).await
    }

    /// Signs in with the one-time code of an operator's link, and keeps the tokens.
    ///
    /// # Errors
    /// `code_invalid` if the code was used or is too old. If the client has no store.
    pub async fn sign_in_as_operator(&self, code: &Token) -> Result<()> {
        let session = self.session()?;
        session.begin(&self.sessions().create_for_operator(code).await?).await
    }

    /// Signs out: ends the session, then removes its tokens from the store. If the session has ended already, that is fine.
    ///
    /// # Errors
    /// If the service cannot be reached. Then the tokens stay, because they are still valid.
    pub async fn sign_out(&self) -> Result<()> {
        let session = self.session()?;
        match self.sessions().end("current").await {
            Err(error) if error.kind() != ErrorKind::Unauthenticated => Err(error),
            _ => session.end().await,
        }
    }
}

impl Account<'_> {
    /// Makes an account. A mail with a code follows, also if the address has one already.
    pub fn create(&self, request: &SignUp) -> Call<()> {
        Call::empty(self.0, "POST /v1/accounts", &[]).public().body(request)
    }

    /// Confirms the address, with the code of the mail.
    pub fn confirm(&self, code: &Token) -> Call<service::Account> {
        Call::json(self.0, "POST /v1/accounts/confirm", &[]).public().body(code)
    }

    /// Agrees as a guardian, with the code of the mail. Then the account's owner can confirm the address.
    pub fn agree_as_guardian(&self, code: &Token) -> Call<()> {
        Call::empty(self.0, "POST /v1/accounts/guardian", &[]).public().body(code)
    }

    /// Sends the mail with the code again.
    pub fn resend_confirmation(&self, to: &Email) -> Call<()> {
        Call::empty(self.0, "POST /v1/accounts/confirm/resend", &[]).public().body(to)
    }

    /// Sends a mail with a code for a new password.
    pub fn forgot_password(&self, to: &Email) -> Call<()> {
        Call::empty(self.0, "POST /v1/accounts/password/forgotten", &[]).public().body(to)
    }

    /// Sets a new password, with the code of the mail. All sessions end.
    pub fn reset_password(&self, request: &ResetPassword) -> Call<()> {
        Call::empty(self.0, "POST /v1/accounts/password/reset", &[]).public().body(request)
    }

    /// Opens a closed account again.
    pub fn reopen(&self, who: &SignIn) -> Call<service::Account> {
        Call::json(self.0, "POST /v1/accounts/reopen", &[]).public().body(who)
    }

    /// The account.
    pub fn get(&self) -> Call<service::Account> {
        Call::json(self.0, "GET /v1/account", &[])
    }

    /// Changes what the person is called.
    pub fn update(&self, profile: &Profile) -> Call<service::Account> {
        Call::json(self.0, "PATCH /v1/account", &[]).body(profile)
    }

    /// Changes the password. All other sessions end.
    pub fn change_password(&self, change: &PasswordChange) -> Call<()> {
        Call::empty(self.0, "POST /v1/account/password", &[]).body(change)
    }

    /// Closes the account. It can be opened again until its data is erased.
    pub fn close(&self, password: &Password) -> Call<service::Account> {
        Call::json(self.0, "POST /v1/account/close", &[]).body(password)
    }
}

impl Sessions<'_> {
    /// Begins a session. [`Client::sign_in`] also keeps its tokens.
    pub fn create(&self, who: &SignIn) -> Call<Tokens> {
        Call::json(self.0, "POST /v1/sessions", &[]).public().body(who)
    }

    /// Begins a session of the operator, with the one-time code of a link.
    pub fn create_for_operator(&self, code: &Token) -> Call<Tokens> {
        Call::json(self.0, "POST /v1/sessions/operator", &[]).public().body(code)
    }

    /// Exchanges a refresh token for new tokens. A client with a store does so by itself.
    pub fn refresh(&self, request: &Refresh) -> Call<Tokens> {
        Call::json(self.0, "POST /v1/sessions/refresh", &[]).public().body(request)
    }

    /// All sessions of the account.
    pub fn list(&self) -> Pages<service::Session> {
        Pages::new(Call::json(self.0, "GET /v1/sessions", &[]))
    }

    /// Ends a session: its id, or `current`.
    pub fn end(&self, id: &str) -> Call<()> {
        Call::empty(self.0, "DELETE /v1/sessions/{id}", &[id])
    }
}
