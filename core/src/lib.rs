//! Packshot, the SDK.
mod error;
mod inference;
pub mod models;
mod run;

pub use error::{Code, Error, ErrorKind, Result};
pub use inference::{Backend, BackendReport, disable_ort_telemetry};
pub use run::{CancelGuard, CancelToken, Progress, Run, Stage, Task};
