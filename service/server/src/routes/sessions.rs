//! Sessions: signing in, staying signed in, signing out.

use axum::Json;
use axum::extract::{Path, State};
use packshot_api::service::{AccountState, Page, Refresh, Session, SignIn, Tokens};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::accounts::NOBODY;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, Caller, Costly, IdempotencyKey};
use crate::identity::RefreshToken;
use crate::identity::sessions::{self, End, Open, Renew};
use crate::once::Once;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_in, list)).routes(routes!(refresh)).routes(routes!(end))
}

/// Signs in
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", security(()), request_body = SignIn,
    responses((status = 201, description = "The person is signed in.", body = Tokens)))]
async fn sign_in(
    State(app): State<App>,
    _: Costly,
    IdempotencyKey(key): IdempotencyKey,
    Body(who): Body<SignIn>,
) -> Result<Answer<Tokens>> {
    let found = sessions::authenticate(&app, &who.email, &who.password).await?;
    if found.state != AccountState::Active {
        return Err(Error::Denied(Code::AccountNotActive));
    }
    let once = Once::new(app.secrets(), found.id, &key, "sign in", &who)?;
    let done = once.run(app.store(), app.clock(), &Open { app: &app, account: found.id }).await?;
    Ok(Answer::created(sessions::tokens_of(&app, done.what).await?).replayed(done.replayed))
}

/// Exchanges a refresh token for new tokens
///
/// The refresh token before the newest one works for half a minute more, and gets the same answer. An older one ends the
/// session: somebody else may have it.
#[utoipa::path(post, path = "/v1/sessions/refresh", tag = "sessions", security(()), request_body = Refresh,
    responses((status = 200, description = "The new tokens.", body = Tokens)))]
async fn refresh(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<Refresh>,
) -> Result<Answer<Tokens>> {
    let invalid = || Error::Denied(Code::TokenInvalid);
    let token = RefreshToken::read(app.secrets(), &ask.refresh_token).ok_or_else(invalid)?;
    let once = Once::new(app.secrets(), NOBODY, &key, "refresh", &ask)?;
    match once.run(app.store(), app.clock(), &Renew { app: &app, token }).await {
        Ok(done) => Ok(Answer::ok(sessions::tokens_of(&app, done.what).await?).replayed(done.replayed)),
        Err(error) => {
            sessions::end_if_stolen(&app, token).await?;
            Err(error)
        }
    }
}

/// Where the account is signed in
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", extensions(("x-permission" = json!("account"))),
    responses((status = 200, description = "The sessions.", body = Page<Session>)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Page<Session>>> {
    let items = sessions::list(&app, caller.account, caller.session).await?;
    Ok(Json(Page { items, next: None }))
}

/// Ends a session
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "sessions", extensions(("x-permission" = json!("account"))),
    params(("id" = String, Path, description = "Its id, or `current`.")),
    responses((status = 204, description = "It has ended.")))]
async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Answer<()>> {
    let session = match &*id {
        "current" => caller.session,
        id => id.parse().map_err(|_| Error::NotFound("session"))?,
    };
    let once = Once::new(app.secrets(), caller.account, &key, "end session", &id)?;
    let effect = End { account: caller.account, session, now: app.clock().now() };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::empty().replayed(done.replayed))
}
