//! For tests: the clock and faults. Only of a service that was started with a test clock.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use packshot_api::service::{ClockMove, ClockReading, Faults};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::credits::Key;
use crate::due;
use crate::error::{Error, Result};
use crate::faults::FaultQueue;
use crate::http::{Answer, Body, IdempotencyKey};
use crate::id::Id;
use crate::once::Once;
use crate::state::App;

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
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<ClockMove>,
) -> Result<Answer<ClockReading>> {
    if (ask.advance.is_some()) == (ask.to.is_some()) {
        return Err(Error::field("advance", "or `to` is needed, and not both"));
    }
    let replayed = is_replayed(&app, &key, &ask).await?;
    match (ask.advance, ask.to) {
        (Some(seconds), _) if !replayed => app.clock().advance(Duration::from_secs(seconds)),
        (_, Some(to)) if !replayed => app.clock().set(to),
        _ => false,
    };
    // What is due by now is done when the answer comes: tests need not wait.
    due::run_once(&app).await?;
    Ok(Answer::ok(ClockReading { now: app.clock().now() }).replayed(replayed))
}

/// Asks for faults of the next requests
#[utoipa::path(post, path = "/v1/test/faults", tag = "test", security(()), request_body = Faults,
    responses((status = 204, description = "They will happen.")))]
async fn faults(
    State(app): State<App>,
    IdempotencyKey(key): IdempotencyKey,
    Body(ask): Body<Faults>,
) -> Result<Answer<()>> {
    FaultQueue::check(&ask.faults)?;
    let replayed = is_replayed(&app, &key, &ask).await?;
    if let (Some(queue), false) = (app.faults(), replayed) {
        queue.add(ask.faults);
    }
    Ok(Answer::empty().replayed(replayed))
}

/// Whether this was asked before, under the same key.
async fn is_replayed(app: &App, key: &Key, ask: &(impl Serialize + Sync)) -> Result<bool> {
    let once = Once::new(app.secrets(), Id::from_bytes([0; 16]), key, "test", ask)?;
    Ok(once.run(app.store(), app.clock(), &()).await?.replayed)
}
