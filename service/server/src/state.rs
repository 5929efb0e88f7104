//! What a running service has: its database, clock, keys, policy and settings.

use std::sync::Arc;

use packshot_policy::Policy;

use crate::clock::Clock;
use crate::credits::Ledger;
use crate::faults::FaultQueue;
use crate::limits::Limits;
use crate::mailer::Mailer;
use crate::passwords::Passwords;
use crate::plans::Plans;
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
    pub(crate) passwords: Passwords,
    pub(crate) mailer: Mailer,
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

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    pub(crate) fn faults(&self) -> Option<&FaultQueue> {
        self.0.faults.as_ref()
    }
}
