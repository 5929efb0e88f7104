//! Makes the core fail on purpose; only in builds for tests.

use packshot::faults::inject_named;
use pyo3::prelude::*;

use crate::call::short;

/// The next operation that reaches `stage` fails with the code `what`, or panics if it is `panic`. The stage `call` is
/// this very call, which the core runs on no thread of its own.
#[pyfunction]
#[allow(clippy::panic, reason = "that is what it is for")]
pub(crate) fn _inject_fault(py: Python<'_>, stage: &str, what: &str) -> PyResult<()> {
    short(py, || match stage {
        "call" => panic!("injected by a test"),
        _ => inject_named(stage, (what != "panic").then_some(what)),
    })
}
