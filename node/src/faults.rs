//! Faults on purpose, for tests; see `packshot::faults`.

use napi_derive::napi;
use packshot::faults::{Fault, inject};
use packshot::{Code, Stage};

use crate::failure::{Answer, answer};

const STAGES: [Stage; 8] = [
    Stage::Decode,
    Stage::Download,
    Stage::Load,
    Stage::Prepare,
    Stage::Inference,
    Stage::Matte,
    Stage::Edges,
    Stage::Compose,
];

/// Without a code, the stage panics.
#[napi]
pub fn inject_fault(stage: String, code: Option<String>) -> napi::Result<()> {
    let unknown = || napi::Error::from_reason("there is no such stage or code");
    let stage = STAGES.into_iter().find(|known| known.as_str() == stage).ok_or_else(unknown)?;
    let fault = match code {
        None => Fault::Panic,
        Some(code) => Fault::Fail(*Code::ALL.iter().find(|known| known.as_str() == code).ok_or_else(unknown)?),
    };
    inject(stage, fault);
    Ok(())
}

/// A panic on the thread of JavaScript.
#[napi]
#[allow(clippy::panic, reason = "that is what it is for")]
pub fn panic_here() -> Answer<()> {
    answer(|| panic!("injected by a test"))
}
