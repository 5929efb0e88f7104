use packshot::faults::inject_named;

use crate::error::Failure;
use crate::mirrors::Stage;

/// The next operation that reaches `stage` fails there with the error `code`, or panics if there is none.
#[uniffi::export]
pub fn inject_fault(stage: Stage, code: Option<String>) -> Result<(), Failure> {
    Ok(inject_named(stage.as_str(), code.as_deref())?)
}

/// Panics outside of every task and guard, which must not end the process either.
#[uniffi::export]
#[allow(clippy::panic, reason = "that is what it is for")]
pub fn panic_unguarded() -> Result<(), Failure> {
    panic!("no guard is here")
}
