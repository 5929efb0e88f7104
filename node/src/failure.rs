//! Errors on their way to `lib/errors.ts`.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::iter::successors;

use napi::bindgen_prelude::{Either, Env, PromiseRaw, ToNapiValue};
use napi_derive::napi;
use packshot::{Code, Error, Result};
use serde::Serialize;

/// An error of the core. A promise resolves to it, because a native one cannot reject with a class of ours.
#[napi]
pub struct Failure {
    error: Error,
}

#[napi]
impl Failure {
    #[napi(getter)]
    pub fn code(&self) -> &'static str {
        self.error.code().as_str()
    }

    #[napi(getter)]
    pub fn kind(&self) -> &'static str {
        self.error.code().kind().as_str()
    }

    /// With the context in it, as most programs show nothing but the message.
    #[napi(getter)]
    pub fn message(&self) -> String {
        self.error.to_string()
    }

    #[napi(getter)]
    pub fn remedy(&self) -> &'static str {
        self.error.remedy()
    }

    #[napi(getter)]
    pub fn retryable(&self) -> bool {
        self.error.retryable()
    }

    #[napi(getter)]
    pub fn context(&self) -> BTreeMap<String, String> {
        self.error.context().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    /// What led to it, the nearest first.
    #[napi(getter)]
    pub fn causes(&self) -> Vec<String> {
        successors(self.error.source(), |&cause| cause.source()).map(ToString::to_string).collect()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error }
    }
}

/// What may fail answers with this.
pub(crate) type Answer<T> = Either<T, Failure>;

/// Does short work on the thread of JavaScript. A panic is an answer, too.
pub(crate) fn answer<T>(work: impl FnOnce() -> Result<T>) -> Answer<T> {
    match packshot::guard(work) {
        Ok(value) => Either::A(value),
        Err(error) => Either::B(error.into()),
    }
}

/// A promise of what `work`, usually a task, gives, which `show` turns into JavaScript's values on the thread of
/// JavaScript.
pub(crate) fn promise<'env, T: Send + 'static, V: ToNapiValue>(
    env: &'env Env,
    work: impl Future<Output = Result<T>> + Send + 'static,
    show: impl FnOnce(&Env, T) -> napi::Result<V> + 'static,
) -> napi::Result<PromiseRaw<'env, Answer<V>>> {
    env.spawn_future_with_callback(async { Ok(work.await) }, |env, result| {
        Ok(match result {
            Ok(value) => Either::A(show(env, value)?),
            Err(error) => Either::B(error.into()),
        })
    })
}

/// For an argument that does not reach the core: the same error as for those that do.
#[napi]
pub fn invalid(message: String) -> Failure {
    Error::new(Code::OptionInvalid, message).into()
}

/// A record of facts, which `lib/facts.ts` reads.
pub(crate) fn json(facts: &impl Serialize) -> napi::Result<String> {
    serde_json::to_string(facts).map_err(|cause| napi::Error::from_reason(cause.to_string()))
}
