//! Fault injection: makes a stage fail, so that tests in every language see how each error arrives.

use std::sync::Mutex;

use crate::error::{Code, Error, Result};
use crate::run::Stage;
use crate::sync::lock;

/// What happens instead of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Injected {
    /// An error with this code.
    Fail(Code),
    /// A panic.
    Panic,
}

static NEXT: Mutex<Option<(Stage, Injected)>> = Mutex::new(None);

/// The next operation that reaches `stage` fails there; the one after it does not.
pub fn inject(stage: Stage, fault: Injected) {
    *lock(&NEXT) = Some((stage, fault));
}

/// [`inject`] with the names of a stage and a code; without a code it injects a panic.
///
/// # Errors
/// [`Code::OptionInvalid`] for an unknown name.
pub fn inject_named(stage: &str, code: Option<&str>) -> Result<()> {
    let unknown = || Error::new(Code::OptionInvalid, format!("`{stage}` or {code:?} is unknown"));
    let at = stage.parse().map_err(|_| unknown())?;
    let find = |code| Code::ALL.iter().find(|known| known.as_str() == code).copied().ok_or_else(unknown);
    inject(at, code.map(find).transpose()?.map_or(Injected::Panic, Injected::Fail));
    Ok(())
}

#[allow(clippy::panic, reason = "that is what this module is for")]
pub(crate) fn strike(stage: Stage) -> Result<()> {
    let mut next = lock(&NEXT);
    match next.take_if(|(wanted, _)| *wanted == stage) {
        None => Ok(()),
        Some((_, Injected::Fail(code))) => Err(Error::new(code, "injected by a test").with("stage", stage.as_str())),
        Some((_, Injected::Panic)) => {
            drop(next);
            panic!("injected by a test")
        }
    }
}
