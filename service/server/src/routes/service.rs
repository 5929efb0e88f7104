//! The service itself: its health, errors, prices and policy.

use axum::Json;
use axum::extract::State;
use packshot_api::service::{
    ErrorDescription, Health, OpenPoint, Page, Plan, PolicyDocument, Price, RetentionReport, VERSION,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assets;
use crate::code::Code;
use crate::error::Result;
use crate::http::metrics_text;
use crate::state::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(errors))
        .routes(routes!(plans))
        .routes(routes!(prices))
        .routes(routes!(policy))
        .route("/metrics", axum::routing::get(metrics))
}

/// Whether the service works
///
/// It has asked its database.
#[utoipa::path(get, path = "/v1/health", tag = "service", security(()),
    responses((status = 200, description = "It works.", body = Health)))]
async fn health(State(app): State<App>) -> Result<Json<Health>> {
    app.store().rows("SELECT 1 AS one", &[]).await?;
    let [status, version, api] = ["ok", env!("CARGO_PKG_VERSION"), VERSION].map(str::to_owned);
    Ok(Json(Health { status, version, api }))
}

/// Everything that can go wrong
#[utoipa::path(get, path = "/v1/errors", tag = "service", security(()),
    responses((status = 200, description = "The codes of all errors.", body = Page<ErrorDescription>)))]
async fn errors() -> Json<Page<ErrorDescription>> {
    let items = Code::ALL.iter().map(|code| code.description()).collect();
    Json(Page { items, next: None })
}

/// What an organisation can subscribe to
#[utoipa::path(get, path = "/v1/plans", tag = "service", security(()),
    responses((status = 200, description = "The plans.", body = Page<Plan>)))]
async fn plans(State(app): State<App>) -> Json<Page<Plan>> {
    Json(Page { items: app.plans().plans.clone(), next: None })
}

/// What tools cost
#[utoipa::path(get, path = "/v1/prices", tag = "service", security(()),
    responses((status = 200, description = "The prices.", body = Page<Price>)))]
async fn prices(State(app): State<App>) -> Json<Page<Price>> {
    Json(Page { items: app.plans().prices.clone(), next: None })
}

/// The privacy policy that the service obeys
#[utoipa::path(get, path = "/v1/policy", tag = "service", security(()),
    responses((status = 200, description = "The policy.", body = PolicyDocument)))]
async fn policy(State(app): State<App>) -> Json<PolicyDocument> {
    let policy = app.policy();
    let open_points = policy.open.iter().filter(|point| !point.internal).map(|point| OpenPoint {
        clauses: point.clauses.iter().map(ToString::to_string).collect(),
        question: point.question.clone(),
        choice: point.chosen.clone(),
    });
    Json(PolicyDocument {
        service: policy.about.service.clone(),
        version: policy.about.version.clone(),
        hash: policy.identity.hash.to_string(),
        effective: policy.about.effective.to_string(),
        text: app.policy_text().to_owned(),
        open_points: open_points.collect(),
    })
}

async fn metrics(State(app): State<App>) -> Result<String> {
    let RetentionReport { due, late, lag, held, .. } = assets::report(&app).await?;
    Ok(metrics_text(&[
        ("packshot_removals_due", "Assets whose removal is due and not done.", due),
        ("packshot_removals_late", "Those of them that are later than the policy's alert.", late),
        ("packshot_removals_lag_seconds", "How late the latest of them is.", lag),
        ("packshot_assets_held", "Assets that a legal hold keeps.", held),
    ]))
}
