//! What a running service has: its database, clock, keys, policy and settings.

use std::sync::Arc;

use packshot_api::service::Time;
use packshot_policy::Policy;
use tokio::sync::{Mutex, Semaphore};

use crate::clock::Clock;
use crate::credits::Ledger;
use crate::faults::FaultQueue;
use crate::id::Id;
use crate::limits::Limits;
use crate::mailer::Mailer;
use crate::passwords::Passwords;
use crate::plans::Plans;
use crate::retention::Promises;
use crate::scan::Scan;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::store::Store;
use crate::vault::Vault;

/// All that requests need. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) secrets: Secrets,
    /// The policy's own text.
    pub(crate) policy_text: String,
    pub(crate) plans: Plans,
    pub(crate) settings: Settings,
    /// How people reach it: as the settings say, or where it listens.
    pub(crate) url: String,
    pub(crate) limits: Limits,
    pub(crate) passwords: Passwords,
    pub(crate) mailer: Mailer,
    pub(crate) vault: Vault,
    pub(crate) promises: Promises,
    pub(crate) scan: Scan,
    /// How many pictures are checked at once.
    pub(crate) checks: Semaphore,
    /// Held by whoever sweeps in this process; when the bucket was last looked through for uploads that nobody ended.
    pub(crate) sweeping: Mutex<Option<Time>>,
    /// Tells this copy of the service from others on the same database.
    pub(crate) copy: Id,
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
        self.0.promises.policy()
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

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Ends all connections.
    pub(crate) async fn close(&self) {
        self.0.vault.close().await;
        self.0.store.clone().close().await;
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub(crate) fn promises(&self) -> &Promises {
        &self.0.promises
    }

    pub(crate) fn scan(&self) -> &Scan {
        &self.0.scan
    }

    pub(crate) fn checks(&self) -> &Semaphore {
        &self.0.checks
    }

    pub(crate) fn sweeping(&self) -> &Mutex<Option<Time>> {
        &self.0.sweeping
    }

    pub(crate) fn copy(&self) -> Id {
        self.0.copy
    }

    /// How people reach a path of the service.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.0.url)
    }

    pub(crate) fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    pub(crate) fn faults(&self) -> Option<&FaultQueue> {
        self.0.faults.as_ref()
    }
}
