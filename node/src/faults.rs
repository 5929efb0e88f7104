//! Faults on purpose, for tests; see `packshot::faults`.

use napi_derive::napi;
use packshot::faults::inject_named;

use crate::failure::{Answer, answer};

/// Without a code, the stage panics.
#[napi]
pub fn inject_fault(stage: String, code: Option<String>) -> Answer<()> {
    answer(|| inject_named(&stage, code.as_deref()))
}

/// A panic on the thread of JavaScript.
#[napi]
#[allow(clippy::panic, reason = "that is what it is for")]
pub fn panic_here() -> Answer<()> {
    answer(|| panic!("injected by a test"))
}
