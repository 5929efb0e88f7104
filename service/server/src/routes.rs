//! The routes, a file for each resource. They read requests, ask the rest of the service, and write answers.

mod admin;
mod credits;
mod holds;
mod ledger;
mod operator;
mod service;
mod subscriptions;
mod testing;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// All routes; those for tests only if there is a test clock.
pub(crate) fn all(test_clock: bool) -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .merge(service::routes())
        .merge(credits::routes())
        .merge(holds::routes())
        .merge(admin::routes())
        .merge(subscriptions::routes())
        .merge(operator::routes());
    if test_clock { routes.merge(testing::routes()) } else { routes }
}
