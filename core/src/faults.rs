//! Makes a stage fail on purpose, so that a test in any language sees how each error arrives there.

use std::sync::{Mutex, PoisonError};

use crate::{Code, Error, Result, Stage};

/// What happens instead of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An error with this code.
    Fail(Code),
    /// A panic.
    Panic,
}

static NEXT: Mutex<Option<(Stage, Fault)>> = Mutex::new(None);

/// The next operation that reaches `stage` fails there; the one after it does not.
pub fn inject(stage: Stage, fault: Fault) {
    *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = Some((stage, fault));
}

#[allow(clippy::panic, reason = "that is what this module is for")]
pub(crate) fn strike(stage: Stage) -> Result<()> {
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    match next.take_if(|(wanted, _)| *wanted == stage) {
        None => Ok(()),
        Some((_, Fault::Fail(code))) => Err(Error::new(code, "injected by a test").with("stage", stage.as_str())),
        Some((_, Fault::Panic)) => {
            drop(next);
            panic!("injected by a test")
        }
    }
}
