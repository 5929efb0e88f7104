//! Makes the core fail on purpose; only in builds for tests.

use packshot::faults::{Fault, inject};
use packshot::{Code, Error, Stage};
use pyo3::prelude::*;

use crate::call::short;

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

/// The next operation that reaches `stage` fails with the code `what`, or panics if it is `panic`. The stage `call` is
/// this very call, which the core runs on no thread of its own.
#[pyfunction]
#[allow(clippy::panic, reason = "that is what it is for")]
pub(crate) fn _inject_fault(py: Python<'_>, stage: &str, what: &str) -> PyResult<()> {
    short(py, || {
        if stage == "call" {
            panic!("injected by a test");
        }
        let code = Code::ALL.iter().find(|code| code.as_str() == what);
        let stage = STAGES.into_iter().find(|known| known.as_str() == stage);
        match (stage, code, what) {
            (Some(stage), _, "panic") => inject(stage, Fault::Panic),
            (Some(stage), Some(code), _) => inject(stage, Fault::Fail(*code)),
            _ => return Err(Error::new(Code::OptionInvalid, "there is no such stage or code")),
        }
        Ok(())
    })
}
