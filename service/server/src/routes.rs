//! The routes, a file for each resource. They read requests, ask the rest of the service, and write answers.

mod accounts;
mod admin;
mod assets;
mod credits;
mod files;
mod holds;
mod invitations;
mod keys;
mod ledger;
mod operator;
mod organisations;
mod retention;
mod service;
mod sessions;
mod subscriptions;
mod testing;

use utoipa_axum::router::OpenApiRouter;

use crate::state::App;

/// All routes; those for tests only if there is a test clock.
pub(crate) fn all(test_clock: bool) -> OpenApiRouter<App> {
    let routes = OpenApiRouter::new()
        .merge(service::routes())
        .merge(accounts::routes())
        .merge(sessions::routes())
        .merge(organisations::routes())
        .merge(invitations::routes())
        .merge(keys::routes())
        .merge(credits::routes())
        .merge(holds::routes())
        .merge(assets::routes())
        .merge(files::routes())
        .merge(retention::routes())
        .merge(admin::routes())
        .merge(subscriptions::routes())
        .merge(operator::routes());
    if test_clock { routes.merge(testing::routes()) } else { routes }
}
