//! How the operator gets in.

use axum::extract::State;
use packshot_api::service::{Token, Tokens};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Result;
use crate::http::{Answer, Body, IdempotencyKey};
use crate::id::Id;
use crate::identity::{RefreshToken, operator, sessions};
use crate::once::{Effect, Once};
use crate::state::App;
use crate::store::{Tx, Writes};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(sign_in))
}

/// Signs the operator in with the code of a link
///
/// The service prints a link at its first start; `packshot serve admin-link` makes another.
#[utoipa::path(post, path = "/v1/sessions/operator", tag = "sessions", security(()), request_body = Token,
    responses((status = 201, description = "The operator is signed in.", body = Tokens)))]
async fn sign_in(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    Body(code): Body<Token>,
) -> Result<Answer<Tokens>> {
    let once = Once::new(app.secrets(), Id::from_bytes([0; 16]), &key, "POST /v1/sessions/operator", &code)?;
    let done = once.run(app.store(), app.clock(), &SignIn { app: &app, code: &code.token }).await?;
    let tokens = sessions::tokens_of(&app, done.what).await?;
    Ok(Answer::created(tokens).replayed(done.replayed))
}

struct SignIn<'a> {
    app: &'a App,
    code: &'a str,
}

impl Effect for SignIn<'_> {
    type What = RefreshToken;

    async fn apply(&self, tx: &mut Tx) -> Result<(Writes<'static>, RefreshToken)> {
        operator::sign_in(self.app, tx, self.code).await
    }
}
