//! A transport that plays a script.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use packshot::client::bytes::Bytes;
use packshot::client::http::{HeaderMap, Method, Request, Response};
use packshot::client::{BoxFuture, Client, ClientBuilder, Transport, TransportError};
use serde_json::{Value, json};
use tokio::time::Instant;

/// What happens to a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    NoConnection,
    Cut,
    /// No answer, ever.
    Silence,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.to_string() }
    }

    pub(super) fn ok() -> Self {
        Self::json(200, &balance())
    }

    /// An answer that says what went wrong.
    pub(super) fn problem(status: u16, code: &str) -> Self {
        Self::json(
            status,
            &json!({ "type": "about:blank", "title": "t", "status": status, "code": code, "detail": "what", "action": "do" }),
        )
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_string()));
        }
        self
    }

    async fn play(self) -> Result<Response<Bytes>, TransportError> {
        match self {
            Self::Answer { status, headers, body } => {
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                Ok(response.body(Bytes::from(body)).unwrap())
            }
            Self::NoConnection => Err(TransportError::Connect("refused".into())),
            Self::Cut => Err(TransportError::Interrupted("reset".into())),
            Self::Silence => std::future::pending().await,
        }
    }
}

/// A request that came.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    /// When, on the paused clock.
    pub(super) at: Instant,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn is(&self, operation: &str) -> bool {
        format!("{} {}", self.method, self.target) == operation
    }
}

type Play = dyn Fn(usize, &Seen) -> Reply + Send + Sync;

pub(super) struct Script {
    seen: Mutex<Vec<Seen>>,
    play: Box<Play>,
    latency: Duration,
}

impl Script {
    /// Answers each request by a function of how many came before, and of the request.
    pub(super) fn new(play: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Self::slow(Duration::ZERO, play)
    }

    /// The same; each answer takes this long.
    pub(super) fn slow(latency: Duration, play: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { seen: Mutex::default(), play: Box::new(play), latency })
    }

    /// One reply after the other; the last one again and again.
    pub(super) fn of(replies: Vec<Reply>) -> Arc<Self> {
        Self::new(move |index, _| replies[index.min(replies.len() - 1)].clone())
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn count(&self, operation: &str) -> usize {
        self.seen().iter().filter(|seen| seen.is(operation)).count()
    }

    /// The pauses between the requests.
    pub(super) fn pauses(&self) -> Vec<Duration> {
        self.seen().windows(2).map(|pair| pair[1].at - pair[0].at).collect()
    }

    /// A client with an API key.
    pub(super) fn client(self: &Arc<Self>) -> Client {
        self.builder().api_key("psk_secret").build().unwrap()
    }

    pub(super) fn builder(self: &Arc<Self>) -> ClientBuilder {
        Client::builder().base_url("https://packshot.test").transport(Arc::clone(self) as Arc<dyn Transport>)
    }
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let (parts, body) = request.into_parts();
        let seen = Seen {
            method: parts.method,
            target: parts.uri.path_and_query().unwrap().to_string(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
            at: Instant::now(),
        };
        let mut all = self.seen.lock().unwrap();
        let reply = (self.play)(all.len(), &seen);
        all.push(seen);
        Box::pin(async move {
            tokio::time::sleep(self.latency).await;
            reply.play().await
        })
    }
}

pub(super) fn balance() -> Value {
    json!({ "available": 7500, "held": 0, "consumed": 2500, "expired": 0, "voided": 0, "granted": 10_000 })
}

pub(super) fn hold() -> Value {
    json!({
        "id": "hld_1", "amount": 1500, "quoted": 1500, "captured": 0, "state": "open", "expires_at": "2026-12-01T10:30:00Z",
    })
}

/// Runs a test with a paused clock.
pub(super) fn paused<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(test)
}
