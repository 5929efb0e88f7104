//! Packshot, the SDK.
mod error;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the engine that opens models comes later"))]
mod inference;
pub mod models;
mod run;

pub use error::{Code, Error, ErrorKind, Result};
pub use inference::{Backend, BackendReport, disable_ort_telemetry};
pub use run::{CancelGuard, CancelToken, Progress, Run, Stage, Task};
