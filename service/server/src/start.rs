//! A service that runs: its parts, its listener and its work in the background.

mod demo;
mod policy;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;

use crate::app::build_app;
use crate::assets;
use crate::clock::Clock;
use crate::credits::Ledger;
use crate::due;
use crate::error::{Error, Result};
use crate::faults::FaultQueue;
use crate::id::Id;
use crate::identity::operator;
use crate::limits::Limits;
use crate::mailer::Mailer;
use crate::passwords::Passwords;
use crate::retention::Promises;
use crate::scan::Scan;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::state::{App, Parts};
use crate::store::Store;
use crate::vault::Vault;

pub(crate) use demo::add as add_demo;
pub(crate) use policy::load as load_policy;

/// How many pictures are checked at once: each may take half a gigabyte.
const CHECKS: usize = 2;

/// How long requests may take to end when the service stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// A service that listens.
pub struct Service {
    app: App,
    router: Router,
    listener: TcpListener,
    background: JoinHandle<()>,
}

impl Service {
    /// Opens or makes what the settings name, and listens. Requests are answered once it [runs](Service::run).
    ///
    /// # Errors
    /// What is wrong with a setting, the policy, the key, the database or the port.
    pub async fn start(settings: Settings) -> Result<Self> {
        let busy = |cause| Error::Setting(format!("cannot listen on {}: {cause}", settings.listen));
        let listener = TcpListener::bind(settings.listen).await.map_err(busy)?;
        let here = listener.local_addr().map_err(|cause| Error::Internal(cause.to_string()))?;
        let app = open(settings, here).await?;
        assets::check_restored(&app).await?;
        let background = tokio::spawn(due::run(app.clone()));
        Ok(Self { router: build_app(app.clone()).0, app, listener, background })
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The name of the service, as its policy has it.
    #[must_use]
    pub fn policy_name(&self) -> &str {
        &self.app.policy().about.service
    }

    /// The version of its policy.
    #[must_use]
    pub fn policy_version(&self) -> String {
        self.app.policy().identity.version.to_string()
    }

    /// Where it listens.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().map_err(|cause| Error::Internal(cause.to_string()))
    }

    /// The code of a link with which one person becomes the operator. A new one ends the one before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn operator_code(&self) -> Result<String> {
        operator::code(self.app.store(), self.app.secrets(), self.app.clock().now()).await
    }

    /// An access token of the operator, for tests.
    ///
    /// # Errors
    /// What the database says.
    pub async fn operator_token(&self) -> Result<String> {
        operator::token(&self.app).await
    }

    /// What the policy leaves open, a line each.
    #[must_use]
    pub fn open_points(&self) -> Vec<String> {
        let points = self.app.policy().open.iter();
        points.map(|point| format!("{}: {} Chosen: {}", point.id, point.question, point.chosen)).collect()
    }

    /// Promises of the policy that the settings break, a line each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.app.scan().warning(self.app.policy()).into_iter().collect()
    }

    /// Where content is, and the fingerprint of the key that protects it.
    #[must_use]
    pub fn vault(&self) -> String {
        let vault = self.app.vault();
        format!("{} (key with fingerprint {})", vault.objects(), vault.keys().fingerprint())
    }

    /// The fingerprint of the service's key.
    #[must_use]
    pub fn key_fingerprint(&self) -> String {
        self.app.secrets().fingerprint()
    }

    /// Answers requests until `stop` is ready, lets those end that have begun, and closes the database.
    ///
    /// # Errors
    /// What the system says of the listener.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let Self { app, router, listener, background } = self;
        let (told, mut stopping) = tokio::sync::watch::channel(false);
        let graceful = async move {
            stop.await;
            told.send_replace(true);
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(listener, service).with_graceful_shutdown(graceful);
        let served = tokio::select! {
            served = server.into_future() => served,
            // Whoever does not read its answer must not keep the service from stopping.
            () = async {
                stopping.wait_for(|told| *told).await.ok();
                tokio::time::sleep(PATIENCE).await;
            } => Ok(()),
        };
        background.abort();
        // Another copy need not wait until this one's turn is over.
        assets::leave(&app).await.ok();
        app.close().await;
        served.map_err(|cause| Error::Internal(format!("the listener failed: {cause}")))
    }
}

/// Opens or makes what the settings name, without a listener and without work in the background. `here` is where the service
/// listens, or would.
///
/// # Errors
/// What is wrong with a setting, the policy, a key, a database or the content.
pub(crate) async fn open(settings: Settings, here: SocketAddr) -> Result<App> {
    let (policy, policy_text, plans) = policy::load(&settings)?;
    let folder = |cause| Error::Folder { path: settings.data.clone(), cause };
    std::fs::create_dir_all(&settings.data).map_err(folder)?;
    let store = Store::of(&settings).await?;
    let clock = settings.test_clock.map_or(Clock::system(), Clock::stopped_at);
    let secrets = Secrets::open(&settings.data, settings.service_key.as_deref(), &store).await?;
    let vault = Vault::open(&settings).await?;
    let promises = Promises::open(&store, &policy, &policy_text, clock.now()).await?;
    let url = settings
        .public_url
        .as_deref()
        .map_or_else(|| format!("http://{here}"), |url| url.trim_end_matches('/').to_owned());
    Ok(App::new(Parts {
        url,
        vault,
        promises,
        scan: Scan::of(settings.scanner.as_ref(), &policy),
        checks: Semaphore::new(CHECKS),
        sweeping: Mutex::new(None),
        copy: Id::new(),
        ledger: Ledger::new(store.clone(), clock.clone()),
        faults: settings.test_clock.map(|_| FaultQueue::default()),
        limits: Limits::per_minute(settings.limit_address, settings.limit_account, settings.limit_costly),
        passwords: Passwords::new()?,
        mailer: Mailer::new(&settings)?,
        store,
        clock,
        secrets,
        policy_text,
        plans,
        settings,
    }))
}
