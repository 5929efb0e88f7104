//! The service as a function: routes and their description, without a listener.

mod openapi;

use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi;

use crate::http::around;
use crate::routes;
use crate::state::App;

/// The routes of the service and their OpenAPI document.
pub fn build_app(app: App) -> (Router, OpenApi) {
    let (router, document) = openapi::described(routes::all(app.faults().is_some()));
    let shown = document.clone();
    let router = router.route("/v1/openapi.json", get(async move || Json(shown.clone())));
    (router.layer(from_fn_with_state(app.clone(), around)).with_state(app), document)
}

/// The OpenAPI document, which needs no service.
#[must_use]
pub fn openapi() -> OpenApi {
    openapi::described(routes::all(true)).1
}
