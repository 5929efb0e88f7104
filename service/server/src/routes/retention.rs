//! How long things are kept: what an organisation chooses, what proofs are checked with, and legal holds.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{NewLegalHold, Permission, ProofKey, RetentionChoice, RetentionReport};
use packshot_policy::{Period, Shortening};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assets::{self, Found, Hold, Release, forget_hold, signer};
use crate::code::Code;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Operator, Org, PathId};
use crate::identity::accounts::text_of;
use crate::once::Once;
use crate::retention::{Terms, choose, chosen};
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, change))
        .routes(routes!(proof_key))
        .routes(routes!(report))
        .routes(routes!(hold, release))
}

/// How long the organisation has its photos kept
#[utoipa::path(get, path = "/v1/retention", tag = "assets", extensions(("x-permission" = json!("assets:read"))),
    responses((status = 200, description = "Its choice.", body = RetentionChoice)))]
async fn show(State(app): State<App>, org: Org) -> Result<Json<RetentionChoice>> {
    org.may(&Permission::AssetsRead)?;
    Ok(Json(RetentionChoice { keep: chosen(app.store(), org.id).await? }))
}

/// Has photos kept for a shorter time than the policy's
///
/// It counts for those that are there, too.
#[utoipa::path(patch, path = "/v1/retention", tag = "assets", request_body = RetentionChoice,
    extensions(("x-permission" = json!("organisation:write"))),
    responses((status = 200, description = "Its choice.", body = RetentionChoice)))]
async fn change(
    State(app): State<App>,
    org: Org,
    Body(choice): Body<RetentionChoice>,
) -> Result<Json<RetentionChoice>> {
    org.may(&Permission::OrganisationWrite)?;
    if let Some(keep) = &choice.keep {
        let period: Period = keep.parse().map_err(|cause| Error::field("keep", format!("is no period: {cause}")))?;
        let policy = app.policy();
        let plan = Terms::of(&mut app.store(), policy, org.id).await?.plan();
        let classes = ["upload.original", "output"].into_iter().filter_map(|name| policy.class(name));
        let verdicts: Vec<_> = classes.map(|class| policy.shorten(class, plan, period)).collect();
        if !verdicts.iter().any(|verdict| matches!(verdict, Shortening::Accepted(_))) {
            return Err(match verdicts.iter().find(|verdict| !matches!(verdict, Shortening::NotOffered)) {
                Some(Shortening::NotShorter(rule)) => {
                    Error::field("keep", format!("is not shorter than the policy's: {}", policy.rule_in_words(rule)))
                }
                Some(Shortening::TooShort(_)) => Error::field("keep", "is shorter than the work takes"),
                _ => Error::Denied(Code::RetentionNotOffered),
            });
        }
    }
    choose(app.store(), org.id, choice.keep.clone()).await?;
    Ok(Json(choice))
}

/// The key with which proofs are checked
#[utoipa::path(get, path = "/v1/policy/proof-key", tag = "service", security(()),
    responses((status = 200, description = "The key.", body = ProofKey)))]
async fn proof_key(State(app): State<App>) -> Json<ProofKey> {
    Json(ProofKey { key: signer(&app).verifier().to_string() })
}

/// How well the promises are kept
#[utoipa::path(get, path = "/v1/admin/retention", tag = "admin", extensions(("x-permission" = json!("operator"))),
    responses((status = 200, description = "The numbers.", body = RetentionReport)))]
async fn report(State(app): State<App>, Operator(_): Operator) -> Result<Json<RetentionReport>> {
    Ok(Json(assets::report(&app).await?))
}

/// Keeps an asset, whatever ends it
///
/// Until the hold is released nothing removes it; from its end on nobody reads it.
#[utoipa::path(post, path = "/v1/admin/assets/{id}/hold", tag = "admin", request_body = NewLegalHold,
    extensions(("x-permission" = json!("operator"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 204, description = "It is held.")))]
async fn hold(
    State(app): State<App>,
    Operator(caller): Operator,
    PathId(id): PathId,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewLegalHold>,
) -> Result<Answer<()>> {
    let reason = text_of("reason", &new.reason, 500)?;
    let once = Once::new(app.secrets(), caller.account, &key, "hold asset", &(id, &new))?;
    let done = once.run(app.store(), app.clock(), &Hold { app: &app, asset: id, reason }).await?;
    // Its removal may have begun at the same moment.
    let found = Found::by_id(&mut app.store(), id).await?;
    if found.is_held() { Ok(Answer::empty().replayed(done.replayed)) } else { Err(Error::NotFound("asset")) }
}

/// Releases an asset that was held
///
/// What would have ended it meanwhile ends it then.
#[utoipa::path(delete, path = "/v1/admin/assets/{id}/hold", tag = "admin",
    extensions(("x-permission" = json!("operator"))), params(("id" = String, Path, description = "The asset.")),
    responses((status = 204, description = "It is released.")))]
async fn release(
    State(app): State<App>,
    Operator(caller): Operator,
    PathId(id): PathId,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Answer<()>> {
    let once = Once::new(app.secrets(), caller.account, &key, "release asset", &id)?;
    let done = once.run(app.store(), app.clock(), &Release { app: &app, asset: id }).await?;
    // A request that comes again must not forget a hold that was placed since.
    if !done.replayed {
        forget_hold(&app, id).await?;
    }
    Ok(Answer::empty().replayed(done.replayed))
}
