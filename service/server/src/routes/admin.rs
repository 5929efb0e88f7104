//! What only who operates the service may do.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{Audit, Correction, Grant, NewGrant, Transaction};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::holds::id_of;
use super::ledger;
use crate::credits::{self, Command};
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Operator, PathId};
use crate::id::Id;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(grant)).routes(routes!(correct)).routes(routes!(audit))
}

/// A priority that leaves room on both sides.
const PRIORITY: u32 = 50;

/// Gives credits
#[utoipa::path(post, path = "/v1/admin/organisations/{id}/grants", tag = "admin", extensions(("x-permission" = json!("operator"))), request_body = NewGrant,
    params(("id" = String, Path, description = "The organisation.")),
    responses((status = 201, description = "The grant.", body = Grant)))]
async fn grant(
    State(app): State<App>,
    _: Operator,
    PathId(organisation): PathId,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<NewGrant>,
) -> Result<Answer<Grant>> {
    exists(&app, organisation).await?;
    let source = text("source", new.source, 40)?;
    let priority = new.priority.unwrap_or(PRIORITY);
    if priority > 100 {
        return Err(Error::field("priority", "is 0 to 100"));
    }
    let id = id_of(organisation, &key);
    let (amount, expires_at, priority) = (new.amount, new.expires_at, i64::from(priority));
    let command = Command::Grant(credits::NewGrant { id, amount, source: source.clone(), priority, expires_at });
    let receipt = app.ledger().execute(organisation, &key, &command).await?;
    let zero = packshot_api::service::Credits::ZERO;
    let (granted, available) = (amount, amount);
    let (held, consumed, expired, voided) = (zero, zero, zero, zero);
    let id = id.to_string();
    let grant = Grant { id, source, priority, expires_at, granted, available, held, consumed, expired, voided };
    Ok(Answer::created(grant).replayed(receipt.replayed))
}

/// Returns spent credits, or takes back given ones
#[utoipa::path(post, path = "/v1/admin/organisations/{id}/corrections", tag = "admin", extensions(("x-permission" = json!("operator"))), request_body = Correction,
    params(("id" = String, Path, description = "The organisation.")),
    responses((status = 201, description = "The correction.", body = Transaction)))]
async fn correct(
    State(app): State<App>,
    _: Operator,
    PathId(organisation): PathId,
    IdempotencyKey(key): IdempotencyKey,
    Body(new): Body<Correction>,
) -> Result<Answer<Transaction>> {
    exists(&app, organisation).await?;
    let reason = text("reason", new.reason, 200)?;
    let command = Command::Correct { transaction: new.transaction, amount: new.amount, reason };
    let receipt = app.ledger().execute(organisation, &key, &command).await?;
    let made = app.ledger().journal(organisation, receipt.seq - 1, 1).await?.pop();
    let made = made.ok_or_else(|| Error::Corrupt("a transaction that was made is missing".to_owned()))?;
    Ok(Answer::created(ledger::transaction(made)).replayed(receipt.replayed))
}

/// Reads the whole journal of an organisation and rebuilds everything else from it
#[utoipa::path(get, path = "/v1/admin/organisations/{id}/audit", tag = "admin", extensions(("x-permission" = json!("operator"))),
    params(("id" = String, Path, description = "The organisation.")),
    responses((status = 200, description = "What was found.", body = Audit)))]
async fn audit(State(app): State<App>, _: Operator, PathId(organisation): PathId) -> Result<Json<Audit>> {
    exists(&app, organisation).await?;
    let credits::Audit { transactions, faults, .. } = app.ledger().audit(organisation).await?;
    Ok(Json(Audit { transactions, faults }))
}

async fn exists(app: &App, organisation: Id) -> Result<()> {
    const FIND: &str = "SELECT 1 AS one FROM organisation WHERE id = $1";
    let found = app.store().rows(FIND, &[(&organisation).into()]).await?;
    if found.is_empty() { Err(Error::NotFound("organisation")) } else { Ok(()) }
}

/// A text of a request, without spaces around it and not longer than `most` characters.
fn text(field: &str, text: String, most: usize) -> Result<String> {
    let text = text.trim().to_owned();
    if (1..=most).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(Error::field(field, format!("has 1 to {most} characters")))
    }
}
