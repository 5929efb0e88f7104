//! Accounts: sign-up, and what people do with their own.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{
    Account, AccountState, Email, Password, PasswordChange, Profile, ResetPassword, SignIn, SignUp, Token,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, Caller, Costly, IdempotencyKey};
use crate::id::Id;
use crate::identity::accounts::{Ask, Close, Confirm, Found, NewAccount, Reopen, SetPassword, UseCode, rename, view};
use crate::identity::{email, sessions};
use crate::mail::{MailCode, Purpose};
use crate::once::Once;
use crate::passwords;
use crate::plans::give;
use crate::state::App;

/// Who sends a request without being signed in.
pub(super) const NOBODY: Id = Id::from_bytes([0; 16]);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(confirm))
        .routes(routes!(resend))
        .routes(routes!(agree))
        .routes(routes!(forgotten))
        .routes(routes!(reset))
        .routes(routes!(reopen))
        .routes(routes!(show, change))
        .routes(routes!(change_password))
        .routes(routes!(close))
}

/// Nothing but that the request was taken. A mail may tell more.
#[derive(Debug, Serialize, ToSchema)]
struct Accepted {}

/// Makes an account
///
/// The answer is the same whether or not the address has one already. A mail goes to the address, or to the guardian.
#[utoipa::path(post, path = "/v1/accounts", tag = "accounts", security(()), request_body = SignUp,
    responses((status = 202, description = "A mail is on its way.", body = Accepted)))]
async fn sign_up(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<SignUp>,
) -> Result<Answer<Accepted>> {
    let account = NewAccount::check(&app, &new).await?;
    let once = Once::new(app.secrets(), NOBODY, &key, "sign up", &new)?;
    let done = once.run(app.store(), app.clock(), &account).await?;
    Ok(Answer::accepted(Accepted {}).replayed(done.replayed))
}

/// Confirms the address of an account, with the code of a mail
#[utoipa::path(post, path = "/v1/accounts/confirm", tag = "accounts", security(()), request_body = Token,
    responses((status = 200, description = "The account can be used.", body = Account)))]
async fn confirm(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(code): Body<Token>,
) -> Result<Answer<Account>> {
    let once = Once::new(app.secrets(), NOBODY, &key, "confirm", &code)?;
    let effect = UseCode { app: &app, code: &code.token, what: Confirm::Address };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    let (account, organisation) = done.what;
    if let Some(organisation) = organisation {
        give(app.store(), app.ledger(), app.clock(), app.plans(), organisation).await?;
    }
    Ok(Answer::ok(view(&app, account).await?).replayed(done.replayed))
}

/// Agrees to an account as a guardian, with the code of a mail
#[utoipa::path(post, path = "/v1/accounts/guardian", tag = "accounts", security(()), request_body = Token,
    responses((status = 202, description = "A mail to the account's owner is on its way.", body = Accepted)))]
async fn agree(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(code): Body<Token>,
) -> Result<Answer<Accepted>> {
    let once = Once::new(app.secrets(), NOBODY, &key, "guardian", &code)?;
    let effect = UseCode { app: &app, code: &code.token, what: Confirm::Guardian };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::accepted(Accepted {}).replayed(done.replayed))
}

/// Sends the mail to confirm an address once more
#[utoipa::path(post, path = "/v1/accounts/confirm/resend", tag = "accounts", security(()), request_body = Email,
    responses((status = 202, description = "If the address waits for it, a mail is on its way.", body = Accepted)))]
async fn resend(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<Email>,
) -> Result<Answer<Accepted>> {
    send(&app, &key, &ask, Purpose::Confirm, "resend").await
}

/// Asks for a new password by mail
#[utoipa::path(post, path = "/v1/accounts/password/forgotten", tag = "accounts", security(()), request_body = Email,
    responses((status = 202, description = "If the address has an account, a mail is on its way.", body = Accepted)))]
async fn forgotten(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<Email>,
) -> Result<Answer<Accepted>> {
    send(&app, &key, &ask, Purpose::Reset, "forgotten").await
}

async fn send(
    app: &App,
    key: &crate::credits::Key,
    ask: &Email,
    purpose: Purpose,
    route: &str,
) -> Result<Answer<Accepted>> {
    let email = email::normalised("email", &ask.email)?;
    let once = Once::new(app.secrets(), NOBODY, key, route, ask)?;
    let done = once.run(app.store(), app.clock(), &Ask { app, email, purpose }).await?;
    Ok(Answer::accepted(Accepted {}).replayed(done.replayed))
}

/// Sets a new password, with the code of a mail
///
/// All sessions end.
#[utoipa::path(post, path = "/v1/accounts/password/reset", tag = "accounts", security(()), request_body = ResetPassword,
    responses((status = 204, description = "The new password is set.")))]
async fn reset(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<ResetPassword>,
) -> Result<Answer<()>> {
    let now = app.clock().now();
    let code = MailCode::read(app.secrets(), &ask.token, Purpose::Reset, now)?;
    let email = view(&app, code.subject).await.map_err(|_| Error::Denied(Code::CodeInvalid))?.email;
    passwords::check("password", &ask.password, &email)?;
    let hash = app.passwords().hash(&ask.password).await?;
    let effect = SetPassword { account: code.subject, number: code.number, hash, keep: None, now };
    let once = Once::new(app.secrets(), NOBODY, &key, "reset", &ask)?;
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::empty().replayed(done.replayed))
}

/// Opens a closed account again
#[utoipa::path(post, path = "/v1/accounts/reopen", tag = "accounts", security(()), request_body = SignIn,
    responses((status = 200, description = "The account can be used again.", body = Account)))]
async fn reopen(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(who): Body<SignIn>,
) -> Result<Answer<Account>> {
    let found = sessions::authenticate(&app, &who.email, &who.password).await?;
    let once = Once::new(app.secrets(), found.id, &key, "reopen", &who)?;
    let done = once.run(app.store(), app.clock(), &Reopen { app: &app, account: found.id }).await?;
    Ok(Answer::ok(view(&app, found.id).await?).replayed(done.replayed))
}

/// The account of who asks
#[utoipa::path(get, path = "/v1/account", tag = "accounts", extensions(("x-permission" = json!("account"))),
    responses((status = 200, description = "The account.", body = Account)))]
async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Account>> {
    Ok(Json(view(&app, caller.account).await?))
}

/// Changes what a person is called
#[utoipa::path(patch, path = "/v1/account", tag = "accounts", extensions(("x-permission" = json!("account"))),
    request_body = Profile, responses((status = 200, description = "The account.", body = Account)))]
async fn change(State(app): State<App>, caller: Caller, Body(profile): Body<Profile>) -> Result<Json<Account>> {
    rename(&app, caller.account, &profile.name).await?;
    Ok(Json(view(&app, caller.account).await?))
}

/// Changes the password
///
/// All other sessions end.
#[utoipa::path(post, path = "/v1/account/password", tag = "accounts", extensions(("x-permission" = json!("account"))),
    request_body = PasswordChange, responses((status = 204, description = "The new password is set.")))]
async fn change_password(
    State(app): State<App>,
    caller: Caller,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<PasswordChange>,
) -> Result<Answer<()>> {
    let once = Once::new(app.secrets(), caller.account, &key, "password", &ask)?;
    if once.is_done(app.store()).await? {
        // The current password is another one by now.
        return Ok(Answer::empty().replayed(true));
    }
    let found = Found::by_id(&app, caller.account).await?;
    if !app.passwords().verify(&ask.current, Some(&found.password)).await? {
        return Err(Error::field("current", "is not the password"));
    }
    passwords::check("new", &ask.new, &view(&app, caller.account).await?.email)?;
    let hash = app.passwords().hash(&ask.new).await?;
    let (account, number, keep, now) = (found.id, found.password_number, Some(caller.session), app.clock().now());
    let done = once.run(app.store(), app.clock(), &SetPassword { account, number, hash, keep, now }).await?;
    Ok(Answer::empty().replayed(done.replayed))
}

/// Closes the account
///
/// All sessions end. It can be opened again for a time; then its data goes, as the policy says.
#[utoipa::path(post, path = "/v1/account/close", tag = "accounts", extensions(("x-permission" = json!("account"))),
    request_body = Password, responses((status = 200, description = "The closed account.", body = Account)))]
async fn close(
    State(app): State<App>,
    caller: Caller,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<Password>,
) -> Result<Answer<Account>> {
    let found = Found::by_id(&app, caller.account).await?;
    if found.state != AccountState::Active || !app.passwords().verify(&ask.password, Some(&found.password)).await? {
        return Err(Error::field("password", "is not the password"));
    }
    let once = Once::new(app.secrets(), caller.account, &key, "close", &ask)?;
    let done = once.run(app.store(), app.clock(), &Close { app: &app, account: caller.account }).await?;
    Ok(Answer::ok(view(&app, caller.account).await?).replayed(done.replayed))
}
