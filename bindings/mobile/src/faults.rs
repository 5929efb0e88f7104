use packshot::faults::{Fault, inject};
use packshot::{Code, Error};

use crate::error::Failure;
use crate::mirrors::Stage;

/// The next operation that reaches `stage` fails there with the error `code`, or panics if there is none.
#[uniffi::export]
pub fn inject_fault(stage: Stage, code: Option<String>) -> Result<(), Failure> {
    let fault = match code {
        None => Fault::Panic,
        Some(text) => Code::ALL
            .iter()
            .find(|code| code.as_str() == text)
            .map(|code| Fault::Fail(*code))
            .ok_or_else(|| Error::new(Code::OptionInvalid, format!("`{text}` is no error code")))?,
    };
    inject(stage, fault);
    Ok(())
}

/// Panics outside of every task and guard, which must not end the process either.
#[uniffi::export]
#[allow(clippy::panic, reason = "that is what it is for")]
pub fn panic_unguarded() -> Result<(), Failure> {
    panic!("no guard is here")
}
