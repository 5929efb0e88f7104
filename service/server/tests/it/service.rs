//! A service that runs, and requests to it as any client sends them.

use std::sync::Arc;
use std::time::Duration;

use packshot_server::{Id, Service, Settings, Time};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::stores::Fresh;

/// When the clock of every test begins.
pub(crate) const START: Time = Time::from_micros(1_800_000_000_000_000);

/// A running service.
pub(crate) struct Running {
    pub(crate) url: String,
    client: reqwest::Client,
    /// The access token of its operator.
    pub(crate) operator: String,
    stop: Arc<Notify>,
    ended: JoinHandle<()>,
}

impl Running {
    /// Starts a service on the database of a test.
    pub(crate) async fn on(fresh: &Fresh) -> Self {
        Self::with(fresh.settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        crate::logs::start();
        let service = Service::start(settings).await.expect("a service");
        let url = format!("http://{}", service.address().expect("an address"));
        let operator = service.operator_token().await.expect("a token");
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let ended = tokio::spawn(async move {
            service.run(async move { stopped.notified().await }).await.expect("it ends well");
        });
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).no_proxy().build().expect("a client");
        Self { url, client, operator, stop, ended }
    }

    /// Stops it as a signal would.
    pub(crate) async fn stop(self) {
        self.stop.notify_one();
        self.ended.await.expect("it stops");
    }

    /// A request that is not sent yet.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        // Answers tell whole addresses.
        let url = if path.starts_with("http://") { path.to_owned() } else { format!("{}{path}", self.url) };
        self.client.request(method, url)
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        Reply::of(self.request(Method::GET, path).bearer_auth(token)).await
    }

    /// A POST with a new key.
    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.post_as(&key(), path, token, body).await
    }

    /// A POST with this key.
    pub(crate) async fn post_as(&self, key: &str, path: &str, token: &str, body: Value) -> Reply {
        Reply::of(self.keyed(Method::POST, path, key).bearer_auth(token).json(&body)).await
    }

    /// A POST of somebody who is not signed in.
    pub(crate) async fn ask(&self, path: &str, body: Value) -> Reply {
        Reply::of(self.keyed(Method::POST, path, &key()).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: Value) -> Reply {
        Reply::of(self.request(Method::PATCH, path).bearer_auth(token).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Reply {
        Reply::of(self.keyed(Method::DELETE, path, &key()).bearer_auth(token)).await
    }

    pub(crate) fn keyed(&self, method: Method, path: &str, key: &str) -> RequestBuilder {
        self.request(method, path).header("idempotency-key", key)
    }

    /// Moves the clock of the service forward.
    pub(crate) async fn wait(&self, period: Duration) {
        self.ask("/v1/test/clock", json!({ "advance": period.as_secs() })).await.is(200);
    }

    /// Asks for faults of the next requests.
    pub(crate) async fn faults(&self, faults: Value) {
        self.ask("/v1/test/faults", json!({ "faults": faults })).await.is(204);
    }
}

/// A key that nobody has used.
pub(crate) fn key() -> String {
    Id::new().to_string()
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        Self::attempt(request).await.expect("an answer")
    }

    /// The answer, unless the connection breaks.
    pub(crate) async fn attempt(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, text: response.text().await? })
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).expect("JSON") }
    }

    /// The code of a problem with this status.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16) -> String {
        let problem = self.is(status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"].as_str(), self.header("request-id"), "{problem}");
        problem["code"].as_str().expect("a code").to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether it says that it was done before.
    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }
}
