//! For tests: the clock and faults. Only of a service that was started with a test clock.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use packshot_api::service::{ClockMove, ClockReading, Faults};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Answer, Body, IdempotencyKey};
use crate::start::run_due;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(advance)).routes(routes!(faults))
}

/// What time it is for the service
#[utoipa::path(get, path = "/v1/test/clock", tag = "test", security(()),
    responses((status = 200, description = "The time.", body = ClockReading)))]
async fn read(State(app): State<App>) -> Json<ClockReading> {
    Json(ClockReading { now: app.clock().now() })
}

/// Moves the clock
#[utoipa::path(post, path = "/v1/test/clock", tag = "test", security(()), request_body = ClockMove,
    responses((status = 200, description = "The new time.", body = ClockReading)))]
async fn advance(
    State(app): State<App>,
    _key: IdempotencyKey,
    Body(ask): Body<ClockMove>,
) -> Result<Answer<ClockReading>> {
    match (ask.advance, ask.to) {
        (Some(seconds), None) => app.clock().advance(Duration::from_secs(seconds)),
        (None, Some(to)) => app.clock().set(to),
        _ => return Err(Error::field("advance", "or `to` is needed, and not both")),
    };
    // What is due by now is done when the answer comes: tests need not wait.
    run_due(&app).await?;
    Ok(Answer::ok(ClockReading { now: app.clock().now() }))
}

/// Asks for faults of the next requests
#[utoipa::path(post, path = "/v1/test/faults", tag = "test", security(()), request_body = Faults,
    responses((status = 204, description = "They will happen.")))]
async fn faults(State(app): State<App>, _key: IdempotencyKey, Body(ask): Body<Faults>) -> Result<Answer<()>> {
    if let Some(queue) = app.faults() {
        queue.add(ask.faults)?;
    }
    Ok(Answer::empty())
}
