//! The client and its settings.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Uri};

use super::clock::{Clock, TokioClock};
use super::error::{Error, Result};
use super::journal::Journal;
use super::notice::Notice;
use super::session::Session;
use super::tokens::TokenStore;
use super::transport::{Http, Transport};
use crate::network;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// Three attempts that take as long as they may, and the pauses between them.
const DEADLINE: Duration = Duration::from_secs(120);
const RETRIES: u32 = 2;

/// A client of the hosted service. Cheap to clone; clones share connections and the session. Calls run on tokio's runtime.
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
    pub(super) organisation: Option<Arc<str>>,
}

/// What clones share.
pub(super) struct Inner {
    pub(super) base_url: String,
    pub(super) credentials: Credentials,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) journal: Option<Arc<dyn Journal>>,
    pub(super) user_agent: String,
    pub(super) attempt_timeout: Duration,
    pub(super) deadline: Duration,
    pub(super) retries: u32,
    on_notice: Option<Arc<OnNotice>>,
    /// The operations whose notices were told.
    announced: Mutex<HashSet<&'static str>>,
}

type OnNotice = dyn Fn(&Notice) + Send + Sync;

/// Who makes the calls.
pub(super) enum Credentials {
    None,
    ApiKey(String),
    Session(Session),
}

impl Client {
    /// A client with settings of its own.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client, for the credits, members and keys of another organisation. Without this, calls are about the organisation
    /// of the API key, or the first one of the account.
    #[must_use]
    pub fn for_organisation(&self, id: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), organisation: Some(id.into()) }
    }

    /// The address of the service.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(super) fn session(&self) -> Result<&Session> {
        match &self.inner.credentials {
            Credentials::Session(session) => Ok(session),
            _ => Err(Error::option("only a client with a token store can sign in or out")),
        }
    }
}

impl Inner {
    /// Tells of a notice in an answer, once for each operation.
    pub(super) fn announce(&self, operation: &'static str, headers: &HeaderMap) {
        let Some(notice) = Notice::of(operation, headers) else { return };
        if !self.announced.lock().unwrap_or_else(PoisonError::into_inner).insert(operation) {
            return;
        }
        tracing::warn!(
            operation,
            is_deprecated = notice.deprecated.is_some(),
            has_sunset = notice.sunset.is_some(),
            "the service has a notice about this operation"
        );
        if let Some(tell) = &self.on_notice {
            tell(&notice);
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
#[must_use = "a builder makes a client with `build`"]
pub struct ClientBuilder {
    base_url: String,
    credentials: Credentials,
    allows_plain_http: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    journal: Option<Arc<dyn Journal>>,
    on_notice: Option<Arc<OnNotice>>,
    user_agent: String,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    deadline: Duration,
    retries: u32,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            credentials: Credentials::None,
            allows_plain_http: false,
            transport: None,
            clock: Arc::new(TokioClock),
            journal: None,
            on_notice: None,
            user_agent: concat!("packshot/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: CONNECT_TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            deadline: DEADLINE,
            retries: RETRIES,
        }
    }
}

impl ClientBuilder {
    /// The address of the service, such as `https://packshot.example`; a path in it is kept. Required.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Makes all calls with an API key.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.credentials = Credentials::ApiKey(key.into());
        self
    }

    /// Makes calls as the account whose tokens are in `store`, which [`Client::sign_in`] puts there.
    pub fn tokens(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.credentials = Credentials::Session(Session::new(store));
        self
    }

    /// Allows an address with `http://` on another machine, where everybody in between can read and use the tokens.
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// How long a connection may take to be made: 5 s. Only of the built-in transport.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long one attempt may take: 30 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take, with all its attempts and pauses: two minutes. [`Call::deadline`](super::Call::deadline)
    /// sets it for one call.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How many more attempts there are after the first: 2.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sends requests in another way.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Another clock, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Records requests that change something before they are sent.
    pub fn journal(mut self, journal: Arc<dyn Journal>) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Calls `tell` with what the service announces, once for each operation. It must not block.
    pub fn on_notice(mut self, tell: impl Fn(&Notice) + Send + Sync + 'static) -> Self {
        self.on_notice = Some(Arc::new(tell));
        self
    }

    /// Names the program in front of this library, such as `shop/1.2`.
    pub fn user_agent(mut self, program: &str) -> Self {
        self.user_agent = format!("{program} {}", concat!("packshot/", env!("CARGO_PKG_VERSION")));
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// If the address is not one, or not safe.
    pub fn build(self) -> Result<Client> {
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let is_local = network::is_loopback(&base_url);
        let uri: Uri = base_url
            .parse()
            .map_err(|cause| Error::option(format!("`{base_url}` is not the address of a service")).because(cause))?;
        let is_plain = uri.scheme_str() == Some("http") && self.allows_plain_http;
        if !network::is_safe(&base_url) && !is_plain {
            let message = "the address of the service must begin with https://, unless it is on this machine";
            return Err(Error::option(message));
        }
        if uri.query().is_some() || uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
            return Err(Error::option("the address of the service has no user, query or fragment"));
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(
                Http::new(is_local, self.connect_timeout)
                    .map_err(|cause| Error::option("cannot set up encrypted connections").because(cause))?,
            ),
        };
        let inner = Inner {
            base_url,
            credentials: self.credentials,
            transport,
            clock: self.clock,
            journal: self.journal,
            user_agent: self.user_agent,
            attempt_timeout: self.attempt_timeout,
            deadline: self.deadline,
            retries: self.retries,
            on_notice: self.on_notice,
            announced: Mutex::default(),
        };
        Ok(Client { inner: Arc::new(inner), organisation: None })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
