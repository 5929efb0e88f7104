//! What an organisation has, and what became of it.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use packshot_api::service::{Balance, Grant, Page, Permission, Quote, QuoteRequest, Time, Transaction};
use serde::Deserialize;
use std::time::Duration;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ledger;
use crate::credits::statement;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey, Org, Query};
use crate::state::App;

/// How long a quote is good for.
const QUOTED_FOR: Duration = Duration::from_secs(3600);

/// The most items of a page.
const MOST: u32 = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(balance))
        .routes(routes!(grants))
        .routes(routes!(transactions))
        .routes(routes!(statement_csv))
        .routes(routes!(quote))
}

/// How many credits there are
#[utoipa::path(get, path = "/v1/credits", tag = "credits", extensions(("x-permission" = json!("credits:read"))),
    responses((status = 200, description = "The credits.", body = Balance)))]
async fn balance(State(app): State<App>, org: Org) -> Result<Json<Balance>> {
    org.may(&Permission::CreditsRead)?;
    Ok(Json(ledger::balance(&app.ledger().balance(org.id).await?)))
}

/// The grants, in the order in which they are used
#[utoipa::path(get, path = "/v1/credits/grants", tag = "credits", extensions(("x-permission" = json!("credits:read"))),
    responses((status = 200, description = "The grants.", body = Page<Grant>)))]
async fn grants(State(app): State<App>, org: Org) -> Result<Json<Page<Grant>>> {
    org.may(&Permission::CreditsRead)?;
    let items = app.ledger().grants(org.id).await?.into_iter().map(ledger::grant).collect();
    Ok(Json(Page { items, next: None }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// The `next` of the page before; absent for the first page.
    after: Option<i64>,
    /// How many items: 1 to 100. 50, if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// The journal, from its first transaction on
#[utoipa::path(get, path = "/v1/credits/transactions", tag = "credits", params(Part),
    extensions(("x-permission" = json!("credits:read"))),
    responses((status = 200, description = "A part of the journal.", body = Page<Transaction>)))]
async fn transactions(State(app): State<App>, org: Org, Query(part): Query<Part>) -> Result<Json<Page<Transaction>>> {
    org.may(&Permission::CreditsRead)?;
    let limit = part.limit.unwrap_or(MOST / 2);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::field("limit", format!("is 1 to {MOST}")));
    }
    // One more than asked for tells whether there is a next page.
    let mut found = app.ledger().journal(org.id, part.after.unwrap_or(0), limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.seq.to_string());
    Ok(Json(Page { items: found.into_iter().map(ledger::transaction).collect(), next }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Between {
    /// From this moment on; absent for the beginning.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Time>,
    /// Up to this moment, without it; absent for now.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Time>,
}

/// A statement as a table (CSV, RFC 4180)
#[utoipa::path(get, path = "/v1/credits/statement", tag = "credits", params(Between),
    extensions(("x-permission" = json!("statement:read"))),
    responses((status = 200, description = "The statement.", body = String, content_type = "text/csv")))]
async fn statement_csv(State(app): State<App>, org: Org, Query(between): Query<Between>) -> Result<impl IntoResponse> {
    org.may(&Permission::StatementRead)?;
    let csv = statement(app.ledger(), org.id, between.from, between.to).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (CONTENT_DISPOSITION, "attachment; filename=\"statement.csv\""),
    ];
    Ok((headers, csv))
}

/// What a recipe costs
///
/// The quote is good for an hour: a hold with its id captures at most that much.
#[utoipa::path(post, path = "/v1/credits/quotes", tag = "credits", request_body = QuoteRequest,
    extensions(("x-permission" = json!("credits:read"))),
    responses((status = 201, description = "The price.", body = Quote)))]
async fn quote(
    State(app): State<App>,
    _key: IdempotencyKey,
    org: Org,
    Body(request): Body<QuoteRequest>,
) -> Result<Answer<Quote>> {
    org.may(&Permission::CreditsRead)?;
    let expires_at = app.clock().now() + QUOTED_FOR;
    Ok(Answer::created(app.plans().quote(app.secrets(), org.id, &request, expires_at)?))
}
