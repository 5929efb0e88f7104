//! Invitations into an organisation.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{Invitation, NewInvitation, Organisation, Page, Permission, Role, Token};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, Caller, Costly, IdempotencyKey, Org, PathId};
use crate::identity::invitations::{self, Accept, Invite, Withdraw};
use crate::identity::{email, organisations, role_of};
use crate::once::Once;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, invite)).routes(routes!(accept)).routes(routes!(withdraw))
}

/// The invitations that can still be accepted
#[utoipa::path(get, path = "/v1/invitations", tag = "organisations",
    extensions(("x-permission" = json!("members:read"))),
    responses((status = 200, description = "The invitations.", body = Page<Invitation>)))]
async fn list(State(app): State<App>, org: Org) -> Result<Json<Page<Invitation>>> {
    org.may(&Permission::MembersRead)?;
    Ok(Json(Page { items: invitations::list(&app, org.id).await?, next: None }))
}

/// Invites somebody by mail
///
/// A second invitation of the same address takes the place of the first.
#[utoipa::path(post, path = "/v1/invitations", tag = "organisations", request_body = NewInvitation,
    extensions(("x-permission" = json!("members:write"))),
    responses((status = 201, description = "The invitation; a mail is on its way.", body = Invitation)))]
async fn invite(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    _: Costly,
    Body(new): Body<NewInvitation>,
) -> Result<Answer<Invitation>> {
    org.may(&Permission::MembersWrite)?;
    let role = role_of(&new.role)?;
    if role == Role::Owner && org.role() != Some(&Role::Owner) {
        return Err(Error::Denied(Code::NotPermitted));
    }
    let email = email::normalised("email", &new.email)?;
    let once = Once::new(app.secrets(), org.id, &key, "invite", &new)?;
    let done = once.run(app.store(), app.clock(), &Invite { app: &app, organisation: org.id, email, role }).await?;
    Ok(Answer::created(invitations::show(&app, org.id, done.what).await?).replayed(done.replayed))
}

/// Takes an invitation back
#[utoipa::path(delete, path = "/v1/invitations/{id}", tag = "organisations",
    extensions(("x-permission" = json!("members:write"))), params(("id" = String, Path, description = "Its id.")),
    responses((status = 204, description = "It cannot be accepted any more.")))]
async fn withdraw(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<()>> {
    org.may(&Permission::MembersWrite)?;
    let once = Once::new(app.secrets(), org.id, &key, "withdraw", &id.to_string())?;
    let done = once.run(app.store(), app.clock(), &Withdraw { organisation: org.id, id }).await?;
    Ok(Answer::empty().replayed(done.replayed))
}

/// Accepts an invitation, with the code of its mail
#[utoipa::path(post, path = "/v1/invitations/accept", tag = "organisations", request_body = Token,
    extensions(("x-permission" = json!("account"))),
    responses((status = 200, description = "The organisation.", body = Organisation)))]
async fn accept(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Body(code): Body<Token>,
) -> Result<Answer<Organisation>> {
    let once = Once::new(app.secrets(), caller.account, &key, "accept", &code)?;
    let effect = Accept { app: &app, account: caller.account, code: &code.token };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::ok(organisations::show(&app, caller.account, done.what).await?).replayed(done.replayed))
}
