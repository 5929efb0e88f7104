//! API keys.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{ApiKey, NewApiKey, Page, Permission};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Org, PathId};
use crate::identity::accounts::name_of;
use crate::identity::keys::{self, Create, End};
use crate::once::Once;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(end))
}

/// The API keys of the organisation
#[utoipa::path(get, path = "/v1/keys", tag = "keys", extensions(("x-permission" = json!("keys:read"))),
    responses((status = 200, description = "The keys, without their secrets.", body = Page<ApiKey>)))]
async fn list(State(app): State<App>, org: Org) -> Result<Json<Page<ApiKey>>> {
    org.may(&Permission::KeysRead)?;
    Ok(Json(Page { items: keys::list(&app, org.id).await?, next: None }))
}

/// Makes an API key
///
/// Its secret is in this answer and in no other, unless the same request is sent again.
#[utoipa::path(post, path = "/v1/keys", tag = "keys", request_body = NewApiKey,
    extensions(("x-permission" = json!("keys:write"))),
    responses((status = 201, description = "The key with its secret.", body = ApiKey)))]
async fn create(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    Body(new): Body<NewApiKey>,
) -> Result<Answer<ApiKey>> {
    org.may(&Permission::KeysWrite)?;
    let made_by = org.person()?;
    let name = name_of("name", &new.name)?;
    let mut permissions = new.permissions.clone();
    permissions.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    permissions.dedup();
    let words = || Permission::ALL.iter().map(Permission::as_str).collect::<Vec<_>>().join(", ");
    if let Some(unknown) = permissions.iter().find(|permission| !Permission::ALL.contains(permission)) {
        return Err(Error::field("permissions", format!("has `{unknown}`; there are {}", words())));
    }
    if permissions.is_empty() {
        return Err(Error::field("permissions", format!("is empty; there are {}", words())));
    }
    if !permissions.iter().all(|permission| org.permissions().contains(permission)) {
        return Err(Error::Denied(Code::NotPermitted));
    }
    if new.expires_at.is_some_and(|end| end <= app.clock().now()) {
        return Err(Error::Denied(Code::ExpiryInThePast));
    }
    let once = Once::new(app.secrets(), org.id, &key, "new key", &new)?;
    let effect = Create { app: &app, organisation: org.id, made_by, name, permissions, expires_at: new.expires_at };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::created(keys::with_secret(&app, org.id, done.what).await?).replayed(done.replayed))
}

/// Ends an API key
#[utoipa::path(delete, path = "/v1/keys/{id}", tag = "keys", extensions(("x-permission" = json!("keys:write"))),
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 204, description = "It cannot be used any more.")))]
async fn end(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<()>> {
    org.may(&Permission::KeysWrite)?;
    let once = Once::new(app.secrets(), org.id, &key, "end key", &id.to_string())?;
    let effect = End { organisation: org.id, id, now: app.clock().now() };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    Ok(Answer::empty().replayed(done.replayed))
}
