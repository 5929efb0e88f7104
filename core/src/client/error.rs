//! What can go wrong with a call.

use std::fmt;
use std::time::Duration;

use packshot_api::service::Problem;

use super::host::Cause;
use super::transport::TransportError;

/// `Result` with this client's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The classes of errors. A later version may have more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting or an argument is wrong. Nothing was sent.
    Option,
    /// A store of tokens or a journal of the host failed.
    Store,
    /// The service could not be reached.
    Connect,
    /// The connection ended, or nothing came in time.
    Interrupted,
    /// The time of the call was over.
    Deadline,
    /// Nobody is signed in, or the token is not valid: 401.
    Unauthenticated,
    /// Who asks may not do this: 403.
    Forbidden,
    /// There is no such thing (any more): 404, 410.
    NotFound,
    /// Too few credits: 402. [`Error::problem`] says how many are needed.
    InsufficientCredits,
    /// The state of something does not allow it: 409.
    Conflict,
    /// The request is wrong: any other 4xx.
    Invalid,
    /// Too many requests: 429.
    RateLimited,
    /// The service failed: 5xx.
    Service,
    /// An answer that does not follow the contract.
    Answer,
}

impl ErrorKind {
    /// The name that programs see; it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Option => "option",
            Self::Store => "store",
            Self::Connect => "connect",
            Self::Interrupted => "interrupted",
            Self::Deadline => "deadline",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::InsufficientCredits => "insufficient_credits",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::RateLimited => "rate_limited",
            Self::Service => "service",
            Self::Answer => "answer",
        }
    }
}

/// What went wrong with a call, and what to do about it.
///
/// [`Error::code`] is stable: the `code` of the service's [`Problem`], or one of this client, such as
/// `connect_failed`, `deadline_exceeded`, `not_signed_in`.
#[derive(thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Inner {
    kind: ErrorKind,
    code: String,
    message: String,
    action: String,
    status: Option<u16>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    retryable: bool,
    idempotency_key: Option<String>,
    is_uncertain: bool,
    problem: Option<Problem>,
    source: Option<Cause>,
}

impl Error {
    fn new(kind: ErrorKind, code: &str, message: impl Into<String>, action: &str) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.to_owned(),
            message: message.into(),
            action: action.to_owned(),
            status: None,
            request_id: None,
            retry_after: None,
            retryable: false,
            idempotency_key: None,
            is_uncertain: false,
            problem: None,
            source: None,
        }))
    }

    pub(super) fn option(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Option, "option_invalid", message, "Correct what the message names.")
    }

    pub(super) fn store(what: &str, cause: Cause) -> Self {
        Self::new(ErrorKind::Store, "store_failed", what, "See the cause: the client could not read or write it.")
            .because(cause)
    }

    pub(super) fn not_signed_in() -> Self {
        let action = "Sign in, or give the client an API key.";
        Self::new(ErrorKind::Unauthenticated, "not_signed_in", "this call needs an account or an API key", action)
    }

    /// The service refuses the refresh token.
    pub(super) fn session_ended() -> Self {
        Self::new(ErrorKind::Unauthenticated, "session_ended", "the session has ended", "Sign in again.")
    }

    pub(super) fn deadline(after: Duration) -> Self {
        let message = format!("there was no answer within {} s", after.as_secs_f32());
        let action = "Try again, with the same idempotency key if there is one, or allow more time.";
        Self::new(ErrorKind::Deadline, "deadline_exceeded", message, action).retryable(true)
    }

    /// One attempt took too long.
    pub(super) fn stalled(after: Duration) -> Self {
        let message = format!("an attempt had no answer within {} s", after.as_secs_f32());
        let action = "Try again, with the same idempotency key if there is one.";
        Self::new(ErrorKind::Interrupted, "attempt_timed_out", message, action).retryable(true)
    }

    pub(super) fn transport(error: TransportError) -> Self {
        let message = error.to_string();
        let error = match error {
            TransportError::Connect(cause) => {
                let action = "Check the connection and the address of the service.";
                Self::new(ErrorKind::Connect, "connect_failed", message, action).because(cause)
            }
            TransportError::Interrupted(cause) => {
                let action = "Try again, with the same idempotency key if there is one.";
                Self::new(ErrorKind::Interrupted, "connection_cut", message, action).because(cause)
            }
        };
        error.retryable(true)
    }

    /// An answer of success that cannot be read.
    pub(super) fn unreadable(status: u16, cause: impl Into<Cause>) -> Self {
        let message = format!("the answer ({status}) cannot be read");
        let action = "Check that the address is that of the service, and update this library.";
        Self::new(ErrorKind::Answer, "answer_unreadable", message, action).with_status(status).because(cause)
    }

    /// An answer that is no success.
    pub(super) fn answered(status: u16, problem: Option<Problem>) -> Self {
        let kind = match status {
            401 => ErrorKind::Unauthenticated,
            402 => ErrorKind::InsufficientCredits,
            403 => ErrorKind::Forbidden,
            404 | 410 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            429 => ErrorKind::RateLimited,
            400..=499 => ErrorKind::Invalid,
            500..=599 => ErrorKind::Service,
            _ => ErrorKind::Answer,
        };
        let Some(problem) = problem else {
            let message = format!("the service, or something in front of it, answers {status} without a reason");
            let action = "Check the address of the service; if it is right, try again later.";
            return Self::new(kind, &format!("status_{status}"), message, action).with_status(status);
        };
        let message = if problem.detail.is_empty() { &problem.title } else { &problem.detail };
        let mut error = Self::new(kind, &problem.code, message.clone(), &problem.action).with_status(status);
        error.0.request_id = Some(problem.request_id.clone()).filter(|id| !id.is_empty());
        error.0.problem = Some(problem);
        error
    }

    fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(super) fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.0.request_id = id.map(str::to_owned).or(self.0.request_id);
        self
    }

    pub(super) fn with_retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    pub(super) fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    /// What the caller needs to find out what became of the request.
    pub(super) fn about(mut self, idempotency_key: Option<&str>, is_uncertain: bool) -> Self {
        self.0.idempotency_key = idempotency_key.map(str::to_owned);
        self.0.is_uncertain = is_uncertain;
        self
    }

    pub(super) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.source = Some(cause.into());
        self
    }

    /// The same error, for another call that it concerns. Causes stay with the first.
    pub(super) fn repeated(&self) -> Self {
        let Inner { kind, code, message, action, status, request_id, retry_after, retryable, problem, .. } = &*self.0;
        let mut error =
            Self::new(*kind, code, message.clone(), action).retryable(*retryable).with_retry_after(*retry_after);
        (error.0.status, error.0.request_id, error.0.problem) = (*status, request_id.clone(), problem.clone());
        error
    }

    /// The class.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The stable name.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What went wrong here, for a person.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do, in a sentence.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.0.action
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The id of the answer, for questions to whoever runs the service.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the service asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed later, unchanged and with the same key.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// The key of the call. Sent again with it, a request has no second effect.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Whether the service may have done what it was asked to do: the answer was lost. The same call with the same
    /// [`Error::idempotency_key`] tells.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.0.is_uncertain
    }

    /// What the service says.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        self.0.problem.as_ref()
    }
}

impl fmt::Debug for Error {
    /// For logs: without the details of fields, which may repeat what was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.0.code)?;
        if let Some(id) = self.request_id() {
            write!(f, " (request {id})")?;
        }
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
