//! A call: a request that is prepared, and sent when it is awaited.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::HeaderName;
use packshot_api::service::Page;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::{self, Answer};
use super::builder::Client;
use super::error::{Error, Result};
use super::host::{BoxFuture, Cause};
use super::key;
use super::retry::has_key;
use super::send::{Exchange, JSON, Outgoing};

/// A request that is prepared. Awaiting it sends it.
///
/// What adds or removes something has an idempotency key from the beginning, which clones share: awaited twice, such a call has
/// one effect. Dropping a call that runs ends it; what the service does with a request that it has is not undone.
///
/// ```no_run
/// # use packshot::client::Client;
/// # use packshot::api::service::{Credits, NewHold};
/// # async fn example(client: Client) -> Result<(), packshot::client::Error> {
/// let hold = NewHold { amount: Credits::from_millis(1500), quote: None, expires_in: None };
/// let call = client.holds().create(&hold);
/// // Whoever keeps the key can make the call again after a crash.
/// println!("{:?}", call.key());
/// let hold = match call.clone().await {
///     Err(error) if error.is_uncertain() => call.await?,
///     hold => hold?,
/// };
/// # drop(hold);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T> {
    client: Client,
    operation: &'static str,
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Bytes,
    content_type: &'static str,
    headers: Vec<(HeaderName, String)>,
    key: Option<String>,
    deadline: Duration,
    is_public: bool,
    /// What is wrong with the arguments.
    fault: Option<String>,
    read: fn(&[u8]) -> Result<T, Cause>,
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            body: self.body.clone(),
            headers: self.headers.clone(),
            key: self.key.clone(),
            fault: self.fault.clone(),
            ..*self
        }
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// A call whose answer is JSON. `operation` is a method and a route; `ids` go into its braces.
    pub(super) fn json(client: &Client, operation: &'static str, ids: &[&str]) -> Self {
        Self::new(client, operation, ids, answer::json)
    }
}

impl Call<()> {
    /// A call whose answer says nothing.
    pub(super) fn empty(client: &Client, operation: &'static str, ids: &[&str]) -> Self {
        Self::new(client, operation, ids, |_| Ok(()))
    }
}

impl Call<String> {
    /// A call whose answer is a text.
    pub(super) fn text(client: &Client, operation: &'static str) -> Self {
        Self::new(client, operation, &[], |body| Ok(std::str::from_utf8(body)?.to_owned()))
    }
}

impl Call<Bytes> {
    /// A call whose answer is content.
    pub(super) fn bytes(client: &Client, operation: &'static str, ids: &[&str]) -> Self {
        Self::new(client, operation, ids, |body| Ok(Bytes::copy_from_slice(body)))
    }

    /// Only the bytes from the first to the one before the last.
    pub fn range(self, range: std::ops::Range<u64>) -> Self {
        let last = range.end.saturating_sub(1);
        self.header("range", format!("bytes={}-{last}", range.start))
    }
}

impl<T> Call<Page<T>> {
    /// The page that follows the one that names it.
    pub(super) fn after(&self, next: String) -> Self {
        let mut call = self.clone();
        call.query.retain(|(name, _)| *name != "after");
        call.query.push(("after", next));
        call
    }
}

impl<T> Call<T> {
    fn new(client: &Client, operation: &'static str, ids: &[&str], read: fn(&[u8]) -> Result<T, Cause>) -> Self {
        let (method, route) = operation.split_once(' ').unwrap_or(("GET", operation));
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        let (mut path, mut fault, mut ids) = (String::new(), None, ids.iter());
        for segment in route.split('/').skip(1) {
            let id = if segment.starts_with('{') { ids.next() } else { None };
            // These would lead to another route.
            if id.is_some_and(|id| ["", ".", ".."].contains(id)) {
                fault = Some(format!("`{operation}` needs an id, and {:?} is none", id.unwrap_or(&"")));
            }
            path += "/";
            path += &id.map_or_else(|| segment.to_owned(), |id| encoded(id));
        }
        let key = has_key(&method).then(key::new).transpose().unwrap_or_else(|cause| {
            fault = Some(cause);
            None
        });
        let (client, deadline) = (client.clone(), client.inner.deadline);
        let (query, body, headers) = (Vec::new(), Bytes::new(), Vec::new());
        let (content_type, is_public) = (JSON, false);
        Self {
            client,
            operation,
            method,
            path,
            query,
            body,
            content_type,
            headers,
            key,
            deadline,
            is_public,
            fault,
            read,
        }
    }

    /// Nobody needs to be signed in.
    pub(super) fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => self.body = json.into(),
            Err(cause) => self.fault = Some(format!("the request cannot be written as JSON: {cause}")),
        }
        self
    }

    /// Content that is no JSON.
    pub(super) fn content(mut self, bytes: Bytes) -> Self {
        (self.body, self.content_type) = (bytes, "application/octet-stream");
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((HeaderName::from_static(name), value.into()));
        self
    }

    pub(super) fn query(mut self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// The idempotency key. Reads and changes of existing things have none.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Makes the call with a key that was made before: 1 to 255 visible ASCII characters. Without effect where there is none.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        let key = key.into();
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.fault = Some("an idempotency key has 1 to 255 visible ASCII characters".to_owned());
        } else if self.key.is_some() {
            self.key = Some(key);
        }
        self
    }

    /// Gives up after this time, with all attempts and pauses. By default that of the client.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The result together with what the headers of the answer say.
    ///
    /// # Errors
    /// What went wrong, and what to do.
    pub async fn with_response(self) -> Result<Answer<T>> {
        if let Some(fault) = self.fault {
            return Err(Error::option(fault));
        }
        let pairs: Vec<_> = self.query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let target = if pairs.is_empty() { self.path } else { format!("{}?{}", self.path, pairs.join("&")) };
        let out = Outgoing {
            operation: self.operation,
            method: self.method,
            target,
            body: self.body,
            content_type: self.content_type,
            headers: self.headers,
            organisation: self.client.organisation.as_deref(),
            key: self.key,
        };
        let response = Exchange::new(&self.client.inner, &out, self.deadline).perform(!self.is_public).await?;
        Answer::read(response, out.key, self.read)
    }
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'static, Result<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { Ok(self.with_response().await?.data) })
    }
}

impl<T> fmt::Debug for Call<T> {
    /// Only what it does: bodies and paths may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.operation)
    }
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}
