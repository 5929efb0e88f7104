//! Holds: credits that are reserved, spent and returned.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use packshot_api::service::{Capture, Credits, Hold, NewHold, Permission};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ledger;
use crate::credits::{Command, HoldState, Key};
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Org, PathId};
use crate::id::Id;
use crate::plans::QuoteFacts;
use crate::refusal::HoldEnd;
use crate::state::App;

/// How long a hold lasts, in seconds.
const DEFAULT: u32 = 3600;
const LONGEST: u32 = 7 * 24 * 3600;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(show)).routes(routes!(capture)).routes(routes!(void))
}

/// Reserves credits
#[utoipa::path(post, path = "/v1/holds", tag = "credits", request_body = NewHold,
    extensions(("x-permission" = json!("credits:spend"))),
    responses((status = 201, description = "The hold.", body = Hold)))]
async fn create(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    Body(new): Body<NewHold>,
) -> Result<Answer<Hold>> {
    org.may(&Permission::CreditsSpend)?;
    let quoted = match &new.quote {
        Some(quote) => Some(QuoteFacts::read(app.secrets(), quote, org.id, app.clock().now())?.amount),
        None => None,
    };
    let Some(amount) = new.amount.or(quoted) else {
        return Err(Error::field("amount", "is missing; send it, or a `quote`"));
    };
    let seconds = new.expires_in.unwrap_or(DEFAULT);
    if !(1..=LONGEST).contains(&seconds) {
        return Err(Error::field("expires_in", format!("is 1 to {LONGEST} seconds")));
    }
    let (id, expires_in) = (id_of(org.id, &key), Duration::from_secs(seconds.into()));
    let command = Command::Hold { id, amount, quoted, expires_in };
    let receipt = app.ledger().execute(org.id, &key, &command).await?;
    let hold = HoldState {
        id,
        seq: receipt.seq,
        amount,
        quoted: quoted.unwrap_or(amount),
        captured: Credits::ZERO,
        end: None,
        expires_at: receipt.at + expires_in,
    };
    Ok(Answer::created(ledger::hold(&hold)).replayed(receipt.replayed).cost(amount, Credits::ZERO))
}

/// The id of what a request makes: the same for the same request.
pub(super) fn id_of(organisation: Id, key: &Key) -> Id {
    Id::of(&[organisation.as_bytes(), key.as_str().as_bytes()])
}

/// A hold
#[utoipa::path(get, path = "/v1/holds/{id}", tag = "credits", params(("id" = String, Path, description = "Its id.")),
    extensions(("x-permission" = json!("credits:read"))),
    responses((status = 200, description = "The hold.", body = Hold)))]
async fn show(State(app): State<App>, org: Org, PathId(id): PathId) -> Result<Json<Hold>> {
    org.may(&Permission::CreditsRead)?;
    Ok(Json(ledger::hold(&app.ledger().hold(org.id, id).await?)))
}

/// Spends what a hold reserves, and returns the rest
#[utoipa::path(post, path = "/v1/holds/{id}/capture", tag = "credits", request_body = Capture,
    params(("id" = String, Path, description = "Its id.")),
    extensions(("x-permission" = json!("credits:spend"))),
    responses((status = 200, description = "The hold.", body = Hold)))]
async fn capture(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
    Body(capture): Body<Capture>,
) -> Result<Answer<Hold>> {
    org.may(&Permission::CreditsSpend)?;
    let mut hold = app.ledger().hold(org.id, id).await?;
    let amount = capture.amount.unwrap_or(hold.quoted);
    let receipt = app.ledger().execute(org.id, &key, &Command::Capture { hold: id, amount }).await?;
    (hold.captured, hold.end) = (amount, Some(HoldEnd::Captured));
    Ok(Answer::ok(ledger::hold(&hold)).replayed(receipt.replayed).cost(Credits::ZERO, amount))
}

/// Returns what a hold reserves
#[utoipa::path(post, path = "/v1/holds/{id}/void", tag = "credits",
    params(("id" = String, Path, description = "Its id.")),
    extensions(("x-permission" = json!("credits:spend"))),
    responses((status = 200, description = "The hold.", body = Hold)))]
async fn void(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    org: Org,
    PathId(id): PathId,
) -> Result<Answer<Hold>> {
    org.may(&Permission::CreditsSpend)?;
    let receipt = app.ledger().execute(org.id, &key, &Command::Void { hold: id }).await?;
    let mut hold = app.ledger().hold(org.id, id).await?;
    hold.end = Some(HoldEnd::Voided);
    Ok(Answer::ok(ledger::hold(&hold)).replayed(receipt.replayed).cost(Credits::ZERO, Credits::ZERO))
}
