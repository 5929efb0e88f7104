//! Organisations and their members.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{Member, NewOrganisation, NewRole, Organisation, Page, Permission, Role};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{Error, Result};
use crate::http::{Answer, Body, Caller, IdempotencyKey, Org, PathId};
use crate::identity::accounts::name_of;
use crate::identity::organisations::{self, Change, Create, Fate};
use crate::identity::{membership, role_of};
use crate::once::Once;
use crate::plans::give;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, rename))
        .routes(routes!(members))
        .routes(routes!(change_role, remove))
}

/// The organisations that the account belongs to
#[utoipa::path(get, path = "/v1/organisations", tag = "organisations",
    extensions(("x-permission" = json!("account"))),
    responses((status = 200, description = "The organisations.", body = Page<Organisation>)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Page<Organisation>>> {
    Ok(Json(Page { items: organisations::list(&app, caller.account).await?, next: None }))
}

/// Makes an organisation
#[utoipa::path(post, path = "/v1/organisations", tag = "organisations", request_body = NewOrganisation,
    extensions(("x-permission" = json!("account"))),
    responses((status = 201, description = "The organisation.", body = Organisation)))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewOrganisation>,
) -> Result<Answer<Organisation>> {
    let name = name_of("name", &new.name)?;
    let once = Once::new(app.secrets(), caller.account, &key, "new organisation", &new)?;
    let done = once.run(app.store(), app.clock(), &Create { app: &app, owner: caller.account, name }).await?;
    give(app.store(), app.ledger(), app.clock(), app.plans(), done.what).await?;
    Ok(Answer::created(organisations::show(&app, caller.account, done.what).await?).replayed(done.replayed))
}

/// An organisation
#[utoipa::path(get, path = "/v1/organisations/{id}", tag = "organisations",
    extensions(("x-permission" = json!("account"))), params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The organisation.", body = Organisation)))]
async fn show(State(app): State<App>, caller: Caller, PathId(id): PathId) -> Result<Json<Organisation>> {
    Ok(Json(organisations::show(&app, caller.account, id).await?))
}

/// Renames an organisation
#[utoipa::path(patch, path = "/v1/organisations/{id}", tag = "organisations", request_body = NewOrganisation,
    extensions(("x-permission" = json!("account"))), params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The organisation.", body = Organisation)))]
async fn rename(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    Body(new): Body<NewOrganisation>,
) -> Result<Json<Organisation>> {
    let role = membership(app.store(), caller.account, Some(id)).await?.role;
    if !crate::identity::allowed(&role).contains(&Permission::OrganisationWrite) {
        return Err(Error::Denied(crate::code::Code::NotPermitted));
    }
    organisations::rename(&app, id, &name_of("name", &new.name)?).await?;
    Ok(Json(organisations::show(&app, caller.account, id).await?))
}

/// The members of the organisation
#[utoipa::path(get, path = "/v1/members", tag = "organisations", extensions(("x-permission" = json!("members:read"))),
    responses((status = 200, description = "The members.", body = Page<Member>)))]
async fn members(State(app): State<App>, org: Org) -> Result<Json<Page<Member>>> {
    org.may(&Permission::MembersRead)?;
    Ok(Json(Page { items: organisations::members(&app, org.id).await?, next: None }))
}

/// Gives a member another role
///
/// Only owners make and unmake owners, and there is always one.
#[utoipa::path(patch, path = "/v1/members/{account}", tag = "organisations", request_body = NewRole,
    extensions(("x-permission" = json!("members:write"))),
    params(("account" = String, Path, description = "The member's account.")),
    responses((status = 200, description = "The member.", body = Member)))]
async fn change_role(
    State(app): State<App>,
    org: Org,
    PathId(account): PathId,
    Body(new): Body<NewRole>,
) -> Result<Json<Member>> {
    org.may(&Permission::MembersWrite)?;
    let (organisation, by_owner) = (org.id, org.role() == Some(&Role::Owner));
    let change = Change { organisation, account, by_owner, fate: Fate::Has(role_of(&new.role)?) };
    change.run(app.store()).await?;
    let members = organisations::members(&app, org.id).await?;
    let found = members.into_iter().find(|member| member.account == account.to_string());
    found.map(Json).ok_or(Error::NotFound("member"))
}

/// Removes a member; members may also remove themselves
#[utoipa::path(delete, path = "/v1/members/{account}", tag = "organisations",
    extensions(("x-permission" = json!("members:write"))),
    params(("account" = String, Path, description = "The member's account.")),
    responses((status = 204, description = "They are no member any more.")))]
async fn remove(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(account): PathId,
) -> Result<Answer<()>> {
    let leaves = org.account == Some(account);
    if !leaves {
        org.may(&Permission::MembersWrite)?;
    }
    let once = Once::new(app.secrets(), org.id, &key, "remove member", &account.to_string())?;
    let by_owner = org.role() == Some(&Role::Owner);
    let effect = Change { organisation: org.id, account, by_owner, fate: Fate::Leaves };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::empty().replayed(done.replayed))
}
