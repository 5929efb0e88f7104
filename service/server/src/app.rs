//! The service as a function: routes and their description, without a listener.

mod openapi;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use packshot_policy::Policy;
use utoipa::openapi::OpenApi;

use crate::clock::Clock;
use crate::credits::Ledger;
use crate::http::{FaultQueue, Limits, around};
use crate::plans::Plans;
use crate::routes;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::Store;

/// All that requests need. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) secrets: Secrets,
    pub(crate) policy: Policy,
    /// The policy's own text.
    pub(crate) policy_text: String,
    pub(crate) plans: Plans,
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    /// Faults that tests ask for; only of a service with a test clock.
    pub(crate) faults: Option<FaultQueue>,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.0.policy
    }

    pub(crate) fn policy_text(&self) -> &str {
        &self.0.policy_text
    }

    pub(crate) fn plans(&self) -> &Plans {
        &self.0.plans
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn faults(&self) -> Option<&FaultQueue> {
        self.0.faults.as_ref()
    }
}

/// The routes of the service and their OpenAPI document.
#[must_use]
pub fn build_app(app: App) -> (Router, OpenApi) {
    let (router, openapi) = openapi::described(routes::all(app.faults().is_some()));
    let router = router.layer(from_fn_with_state(app.clone(), around));
    (router.with_state(app), openapi)
}

/// The OpenAPI document, which needs no service.
#[must_use]
pub fn openapi() -> OpenApi {
    openapi::described(routes::all(true)).1
}
