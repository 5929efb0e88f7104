//! Sends a request until it is answered: attempts, pauses, the deadline, and one refresh of the session.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, USER_AGENT};
use http::{HeaderValue, Method, Request, Response};
use packshot_api::service::{self, Problem, Refresh, Tokens, header};
use tracing::{Instrument as _, debug, debug_span};

use super::answer::{self, text};
use super::builder::{Credentials, Inner};
use super::error::{Error, Result};
use super::journal::Started;
use super::key;
use super::retry::{self, Ended, Next};
use super::transport::TransportError;

/// What most bodies are.
pub(super) const JSON: &str = "application/json";

/// No call lasts longer.
const LONGEST_CALL: Duration = Duration::from_secs(7 * 24 * 3600);

/// A request, but for who sends it.
pub(super) struct Outgoing<'a> {
    /// Method and route: all that is logged of it.
    pub(super) operation: &'static str,
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) body: Bytes,
    /// Of the body, if there is one.
    pub(super) content_type: &'static str,
    /// Headers of this request only.
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) organisation: Option<&'a str>,
    pub(super) key: Option<String>,
}

/// A request on its way to an answer.
pub(super) struct Exchange<'a> {
    inner: &'a Inner,
    out: &'a Outgoing<'a>,
    limit: Duration,
    until: Instant,
    /// Whether the service may have carried out the request, as far as the answers so far tell.
    is_uncertain: AtomicBool,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(inner: &'a Inner, out: &'a Outgoing<'a>, limit: Duration) -> Self {
        let limit = limit.min(LONGEST_CALL);
        Self { inner, out, limit, until: inner.clock.now() + limit, is_uncertain: AtomicBool::new(false) }
    }

    /// Another request, within the same deadline.
    pub(super) fn within<'b>(&'b self, out: &'b Outgoing<'b>) -> Exchange<'b> {
        let (inner, limit, until) = (self.inner, self.limit, self.until);
        Exchange { inner, out, limit, until, is_uncertain: AtomicBool::new(false) }
    }

    /// The answer, which is a success.
    pub(super) async fn perform(&self, needs_token: bool) -> Result<Response<Bytes>> {
        let (method, route) = self.out.operation.split_once(' ').unwrap_or_default();
        let span = debug_span!("packshot.call", http.request.method = method, http.route = route);
        let result = async {
            tokio::select! {
                biased;
                result = self.recorded(needs_token) => result,
                () = self.inner.clock.sleep(self.limit) => Err(Error::deadline(self.limit)),
            }
        };
        let result = result.instrument(span).await;
        result.map_err(|error| error.about(self.out.key.as_deref(), self.is_uncertain.load(Ordering::Relaxed)))
    }

    /// The same, recorded in the journal.
    async fn recorded(&self, needs_token: bool) -> Result<Response<Bytes>> {
        let token = if needs_token { Some(self.token().await?) } else { None };
        let Some((journal, key)) = self.inner.journal.as_deref().zip(self.out.key.as_deref()) else {
            return self.authorised(token).await;
        };
        let path = self.out.target.split('?').next().unwrap_or_default();
        let started = journal.started(Started { key, operation: self.out.operation, path }).await;
        started.map_err(|cause| Error::store("the request cannot be recorded, so it was not sent", cause))?;
        let result = self.authorised(token).await;
        if !self.is_uncertain.load(Ordering::Relaxed) && journal.settled(key).await.is_err() {
            debug!("the outcome of a request could not be recorded");
        }
        result
    }

    /// The same, with a session that is refreshed if its access token is not valid any more. Only the service decides that: the
    /// clocks of devices are wrong.
    async fn authorised(&self, token: Option<String>) -> Result<Response<Bytes>> {
        let result = self.attempts(token.as_deref()).await;
        match (result, &self.inner.credentials, token) {
            (Err(error), Credentials::Session(session), Some(used)) if is_token_invalid(&error) => {
                let fresh = session.refresh(&used, |refresh_token| self.ask(refresh_token)).await?;
                self.attempts(Some(&fresh)).await
            }
            (result, ..) => result,
        }
    }

    /// Asks the service for new tokens. Not in the journal: a lost answer is harmless, because the service takes the token
    /// before the last one for a while.
    async fn ask(&self, refresh_token: String) -> Result<Tokens> {
        let body = serde_json::to_vec(&Refresh { refresh_token });
        let out = Outgoing {
            operation: "POST /v1/sessions/refresh",
            method: Method::POST,
            target: "/v1/sessions/refresh".to_owned(),
            body: body.map_err(|cause| Error::option(cause.to_string()))?.into(),
            content_type: JSON,
            headers: Vec::new(),
            organisation: None,
            key: Some(key::new().map_err(Error::option)?),
        };
        let response = self.within(&out).attempts(None).await?;
        answer::json(response.body()).map_err(|cause| Error::unreadable(response.status().as_u16(), cause))
    }

    async fn token(&self) -> Result<String> {
        match &self.inner.credentials {
            Credentials::None => Err(Error::not_signed_in()),
            Credentials::ApiKey(key) => Ok(key.clone()),
            Credentials::Session(session) => Ok(session.tokens().await?.ok_or_else(Error::not_signed_in)?.access_token),
        }
    }

    /// Attempts with one token, as long as they help.
    pub(super) async fn attempts(&self, token: Option<&str>) -> Result<Response<Bytes>> {
        let (mut retries, mut failures) = (0, 0);
        loop {
            let (error, next) = match self.attempt(token, failures).await? {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            match next {
                Next::Stop => return Err(error),
                Next::Again if retries >= self.inner.retries => return Err(error),
                Next::Again => retries += 1,
                Next::Wait => {}
            }
            failures += 1;
            let pause = retry::pause(error.retry_after(), failures, getrandom::u64().unwrap_or(u64::MAX / 2));
            // Somebody who waits for nothing hears of it now.
            if pause >= self.until.saturating_duration_since(self.inner.clock.now()) {
                return Err(error);
            }
            self.inner.clock.sleep(pause).await;
        }
    }

    /// Sends the request once. The outer error is one of the request itself, which was not sent.
    async fn attempt(&self, token: Option<&str>, resent: u32) -> Result<Result<Response<Bytes>, (Error, Next)>> {
        let request = self.request(token)?;
        let limit = self.inner.attempt_timeout;
        let changes = self.out.method != Method::GET;
        // If this is dropped meanwhile, nobody knows what became of the request.
        let before = self.is_uncertain.swap(changes, Ordering::Relaxed);
        let answer = tokio::select! {
            biased;
            answer = self.inner.transport.send(request) => answer.map_err(Some),
            () = self.inner.clock.sleep(limit) => Err(None),
        };
        let response = match answer {
            Ok(response) => response,
            Err(cause) => {
                let not_connected = matches!(cause, Some(TransportError::Connect(_)));
                let error = cause.map_or_else(|| Error::stalled(limit), Error::transport);
                debug!(http.request.resend_count = resent, error = error.code(), "no answer");
                self.is_uncertain.store(changes && (before || !not_connected), Ordering::Relaxed);
                let ended = if not_connected { Ended::NotConnected } else { Ended::Cut };
                return Ok(Err((error, retry::next(&self.out.method, ended))));
            }
        };
        let (status, headers) = (response.status().as_u16(), response.headers());
        let id = text(headers, header::REQUEST_ID);
        debug!(http.request.resend_count = resent, http.response.status_code = status, request_id = id, "answer");
        self.inner.announce(self.out.operation, headers);
        if response.status().is_success() {
            self.is_uncertain.store(false, Ordering::Relaxed);
            return Ok(Ok(response));
        }
        let error = self.error(&response);
        let code = error.problem().map(|problem| problem.code.as_str());
        // These, and what does not come from the service, say nothing about an attempt before. Any other answer to a key is the
        // answer to all attempts.
        let says_nothing = [401, 429].contains(&status) || error.problem().is_none();
        let is_uncertain = retry::is_uncertain(status, code) || (says_nothing && before);
        self.is_uncertain.store(changes && is_uncertain, Ordering::Relaxed);
        let next = retry::next(&self.out.method, Ended::Answered { status, code, headers });
        Ok(Err((error.retryable(next != Next::Stop), next)))
    }

    fn request(&self, token: Option<&str>) -> Result<Request<Bytes>> {
        let out = self.out;
        let mut request = Request::builder().method(&out.method).uri(format!("{}{}", self.inner.base_url, out.target));
        let mut add = |name: HeaderName, value: &str, secret: bool| {
            let value = HeaderValue::from_str(value);
            let mut value = value.map_err(|_| Error::option(format!("the header `{name}` cannot have this value")))?;
            value.set_sensitive(secret);
            if let Some(headers) = request.headers_mut() {
                headers.insert(name, value);
            }
            Ok::<_, Error>(())
        };
        add(USER_AGENT, &self.inner.user_agent, false)?;
        add(HeaderName::from_static(header::VERSION), service::VERSION, false)?;
        if let Some(token) = token {
            add(AUTHORIZATION, &format!("Bearer {token}"), true)?;
        }
        if let Some(key) = &out.key {
            add(HeaderName::from_static(header::IDEMPOTENCY_KEY), key, false)?;
        }
        if let Some(organisation) = out.organisation {
            add(HeaderName::from_static(header::ORGANISATION), organisation, false)?;
        }
        for (name, value) in &out.headers {
            add(name.clone(), value, false)?;
        }
        if !out.body.is_empty() {
            add(CONTENT_TYPE, out.content_type, false)?;
        }
        request.body(out.body.clone()).map_err(|cause| Error::option("the request has no valid address").because(cause))
    }

    /// What an answer without success says.
    fn error(&self, response: &Response<Bytes>) -> Error {
        let problem = serde_json::from_slice::<Problem>(response.body()).ok();
        let headers = response.headers();
        Error::answered(response.status().as_u16(), problem)
            .with_request_id(text(headers, header::REQUEST_ID))
            .with_retry_after(retry::retry_after(headers, self.inner.clock.time_of_day()))
    }
}

/// Whether a new access token may help. A proxy has no code.
fn is_token_invalid(error: &Error) -> bool {
    error.status() == Some(401) && error.problem().is_none_or(|problem| problem.code == "token_invalid")
}
