//! Assets: announced, uploaded, read, deleted and restored.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use packshot_api::service::{
    Asset, AssetIds, AssetKind, Deleted, Link, NewAsset, NewLink, Page, Permission, PurgeProof, Time, UploadedPart,
    header,
};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assets::{self, Announce, Completed, Found, LinkFacts, PartsFacts, Remove, Restore, put_part};
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Org, PathId, Query, content};
use crate::id::Id;
use crate::identity::accounts::text_of;
use crate::once::{Effect, Once};
use crate::secrets::hex;
use crate::state::App;
use crate::store::{Tx, Writes};

/// How many assets a page has, if nobody says.
const USUAL: u32 = 50;
const MOST: u32 = 200;
/// How many assets can be deleted at once.
const MOST_DELETED: usize = 1000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, remove))
        .routes(routes!(part))
        .routes(routes!(signed_part))
        .routes(routes!(complete))
        .routes(routes!(restore))
        .routes(routes!(remove_many))
        .routes(routes!(link))
        .routes(routes!(proof))
}

/// A part of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    after: Option<Id>,
    limit: Option<u32>,
}

/// The assets of the organisation, the newest first
#[utoipa::path(get, path = "/v1/assets", tag = "assets", extensions(("x-permission" = json!("assets:read"))),
    params(("after" = Option<String>, Query, description = "The `next` of the page before."),
        ("limit" = Option<u32>, Query, description = "How many: 1 to 200; 50, if absent.", minimum = 1, maximum = 200)),
    responses((status = 200, description = "The assets.", body = Page<Asset>)))]
async fn list(State(app): State<App>, org: Org, Query(part): Query<Part>) -> Result<Json<Page<Asset>>> {
    org.may(&Permission::AssetsRead)?;
    let limit = part.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::field("limit", format!("is 1 to {MOST}")));
    }
    Ok(Json(assets::list(&app, org.id, part.after, limit).await?))
}

/// Announces an asset
///
/// The answer says in which parts it is sent, and where to.
#[utoipa::path(post, path = "/v1/assets", tag = "assets", request_body = NewAsset,
    extensions(("x-permission" = json!("assets:write"))),
    responses((status = 201, description = "The asset.", body = Asset)))]
async fn create(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    Body(new): Body<NewAsset>,
) -> Result<Answer<Asset>> {
    org.may(&Permission::AssetsWrite)?;
    let kind = new.kind.clone().unwrap_or(AssetKind::Photo);
    if !AssetKind::ALL.contains(&kind) {
        return Err(Error::field("kind", format!("is `{kind}`; it may be photo or result")));
    }
    if new.bytes == 0 {
        return Err(Error::field("bytes", "is at least 1"));
    }
    let name = new.name.as_deref().map(|name| text_of("name", name, 200)).transpose()?;
    let once = Once::new(app.secrets(), org.id, &key, "new asset", &new)?;
    let effect = Announce { app: &app, organisation: org.id, kind, bytes: new.bytes, name };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    let found = Found::in_organisation(&mut app.store(), org.id, done.what).await?;
    Ok(Answer::created(assets::show(&app, &found).await?).replayed(done.replayed))
}

/// An asset
#[utoipa::path(get, path = "/v1/assets/{id}", tag = "assets", extensions(("x-permission" = json!("assets:read"))),
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The asset.", body = Asset)))]
async fn show(State(app): State<App>, org: Org, PathId(id): PathId) -> Result<Json<Asset>> {
    org.may(&Permission::AssetsRead)?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    Ok(Json(assets::show(&app, &found).await?))
}

/// Sends a part of an upload
///
/// A part that comes again takes the place of the one before.
#[utoipa::path(put, path = "/v1/assets/{id}/parts/{number}", tag = "assets",
    extensions(("x-permission" = json!("assets:write"))),
    params(("id" = String, Path, description = "The asset."), ("number" = u32, Path, description = "The part, from 1.", minimum = 1),
        ("content-digest" = Option<String>, Header, description = "`sha-256=:…:` (RFC 9530).")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the part."),
    responses((status = 200, description = "It is there.", body = UploadedPart)))]
async fn part(
    State(app): State<App>,
    org: Org,
    Path((id, number)): Path<(String, String)>,
    request: Request,
) -> Result<Json<UploadedPart>> {
    org.may(&Permission::AssetsWrite)?;
    let id = id.parse().map_err(|_| Error::NotFound("asset"))?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    take(&app, &found, &number, request).await
}

/// Sends a part of an upload to its own address, without a token
#[utoipa::path(put, path = "/v1/uploads/{upload}/{number}", tag = "assets", security(()),
    params(("upload" = String, Path, description = "As the asset tells it."),
        ("number" = u32, Path, description = "The part, from 1.", minimum = 1),
        ("content-digest" = Option<String>, Header, description = "`sha-256=:…:` (RFC 9530).")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the part."),
    responses((status = 200, description = "It is there.", body = UploadedPart)))]
async fn signed_part(
    State(app): State<App>,
    Path((upload, number)): Path<(String, String)>,
    request: Request,
) -> Result<Json<UploadedPart>> {
    let facts = PartsFacts::read(app.secrets(), &upload, app.clock().now())?;
    let found = Found::by_id(&mut app.store(), facts.asset).await?;
    take(&app, &found, &number, request).await
}

async fn take(app: &App, asset: &Found, number: &str, request: Request) -> Result<Json<UploadedPart>> {
    let number = number.parse().map_err(|_| Error::NotFound("part"))?;
    let digest = digest(request.headers())?;
    let bytes = content(request, asset.part_bytes).await?;
    let part = put_part(app, asset, number, bytes.into(), digest).await?;
    Ok(Json(UploadedPart { number: part.number, bytes: part.bytes, sha256: hex(&part.sha256) }))
}

/// The SHA-256 that a request tells, if it does.
fn digest(headers: &HeaderMap) -> Result<Option<[u8; 32]>> {
    use base64::Engine as _;
    let Some(value) = headers.get(header::CONTENT_DIGEST) else { return Ok(None) };
    let read = || {
        let hash =
            value.to_str().ok()?.split(',').find_map(|one| one.trim().strip_prefix("sha-256=:")?.strip_suffix(':'))?;
        base64::engine::general_purpose::STANDARD.decode(hash).ok()?.try_into().ok()
    };
    read().map(Some).ok_or_else(|| Error::field("content-digest", "is `sha-256=:…:` with the hash in base64"))
}

/// Says that all parts were sent
///
/// The asset is checked then, and is `ready` or `refused` in the answer. Where a check broke off, this begins it again.
#[utoipa::path(post, path = "/v1/assets/{id}/complete", tag = "assets",
    extensions(("x-permission" = json!("assets:write"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 200, description = "The asset.", body = Asset)))]
async fn complete(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<Asset>> {
    org.may(&Permission::AssetsWrite)?;
    let once = Once::new(app.secrets(), org.id, &key, "complete asset", &id)?;
    let effect = Completed { organisation: org.id, asset: id, now: app.clock().now() };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    // In a task of its own: a client that goes away must not leave half of it.
    let (checked, asset) = (app.clone(), found.clone());
    let check = tokio::spawn(async move { assets::check(&checked, &asset).await });
    check.await.map_err(|cause| Error::Internal(cause.to_string()))??;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    Ok(Answer::ok(assets::show(&app, &found).await?).replayed(done.replayed))
}

/// Deletes an asset
///
/// It can be restored for as long as it says. An upload that is not complete is removed at once.
#[utoipa::path(delete, path = "/v1/assets/{id}", tag = "assets", extensions(("x-permission" = json!("assets:write"))),
    params(("id" = String, Path, description = "Its id.")),
    responses((status = 204, description = "It is deleted.")))]
async fn remove(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<()>> {
    org.may(&Permission::AssetsWrite)?;
    let once = Once::new(app.secrets(), org.id, &key, "delete asset", &id)?;
    let effect = Remove { app: &app, organisation: org.id, assets: vec![id] };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    let (deleted, _) = done.what;
    if deleted.is_empty() { Err(Error::NotFound("asset")) } else { Ok(Answer::empty().replayed(done.replayed)) }
}

/// Deletes many assets
#[utoipa::path(post, path = "/v1/assets/delete", tag = "assets", request_body = AssetIds,
    extensions(("x-permission" = json!("assets:write"))),
    responses((status = 200, description = "What became of them.", body = Deleted)))]
async fn remove_many(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    Body(ids): Body<AssetIds>,
) -> Result<Answer<Deleted>> {
    org.may(&Permission::AssetsWrite)?;
    if !(1..=MOST_DELETED).contains(&ids.ids.len()) {
        return Err(Error::field("ids", format!("are 1 to {MOST_DELETED}")));
    }
    let once = Once::new(app.secrets(), org.id, &key, "delete assets", &ids)?;
    let mut assets: Vec<Id> = ids.ids.iter().filter_map(|id| id.parse().ok()).collect();
    assets.sort_unstable();
    assets.dedup();
    let effect = Remove { app: &app, organisation: org.id, assets };
    let done = once.run(app.store(), app.clock(), &effect).await?;
    let (deleted, mut missing) = done.what;
    let words = |ids: Vec<Id>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let unreadable = ids.ids.into_iter().filter(|id| id.parse::<Id>().is_err());
    missing.sort_unstable();
    let missing = words(missing).into_iter().chain(unreadable).collect();
    Ok(Answer::ok(Deleted { deleted: words(deleted), missing }).replayed(done.replayed))
}

/// Restores an asset that was deleted
#[utoipa::path(post, path = "/v1/assets/{id}/restore", tag = "assets",
    extensions(("x-permission" = json!("assets:write"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 200, description = "The asset.", body = Asset)))]
async fn restore(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<Asset>> {
    org.may(&Permission::AssetsWrite)?;
    let once = Once::new(app.secrets(), org.id, &key, "restore asset", &id)?;
    let done = once.run(app.store(), app.clock(), &Restore { app: &app, organisation: org.id, asset: id }).await?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    Ok(Answer::ok(assets::show(&app, &found).await?).replayed(done.replayed))
}

/// Makes a link to content, which works without a token
#[utoipa::path(post, path = "/v1/assets/{id}/links", tag = "assets", request_body = NewLink,
    extensions(("x-permission" = json!("assets:read"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 201, description = "The link.", body = Link)))]
async fn link(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
    Body(new): Body<NewLink>,
) -> Result<Answer<Link>> {
    org.may(&Permission::AssetsRead)?;
    let expires_at = LinkFacts::end(app.policy(), app.clock().now(), new.expires_in)?;
    let found = Found::in_organisation(&mut app.store(), org.id, id).await?;
    // It has to be there now; what becomes of it later is asked when the link is used.
    assets::open(&app, &found, new.variant.as_deref()).await?;
    let once = Once::new(app.secrets(), org.id, &key, "link", &(id, &new))?;
    let done = once.run(app.store(), app.clock(), &MadeLink { expires_at }).await?;
    let (expires_at, variant) = (done.what, new.variant.unwrap_or_else(|| "original".to_owned()));
    let facts = LinkFacts { asset: id, expires_at, download: new.download.unwrap_or(false), variant };
    let url = app.address(&format!("/v1/files/{}", facts.write(app.secrets())?));
    Ok(Answer::created(Link { url, expires_at }).replayed(done.replayed))
}

/// A link is nowhere but in its own text; what is kept is when it ends, so that the same request has the same link.
struct MadeLink {
    expires_at: Time,
}

impl Effect for MadeLink {
    type What = Time;

    async fn apply(&self, _: &mut Tx) -> Result<(Writes<'static>, Time)> {
        Ok((Writes::default(), self.expires_at))
    }
}

/// The proof that an asset is gone
#[utoipa::path(get, path = "/v1/assets/{id}/proof", tag = "assets",
    extensions(("x-permission" = json!("assets:read"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 200, description = "The proof.", body = PurgeProof)))]
async fn proof(State(app): State<App>, org: Org, PathId(id): PathId) -> Result<Json<PurgeProof>> {
    org.may(&Permission::AssetsRead)?;
    Ok(Json(assets::proof(&app, org.id, id).await?))
}
