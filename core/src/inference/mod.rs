//! One ONNX session interface over two backends: ONNX Runtime (fast, loaded at run time) and rten (pure Rust, always
//! available).
//!
//! - [`Runtime`] chooses the backend, opens models with it and reports the choice and its reason ([`BackendReport`]).
//! - A [`Session`] is created once per model and shared between threads.
//! - [`Ports`] are the named inputs and outputs that a model declares, with their types and shapes.
//! - [`Tensor`]s are dense and row-major; a [`Value`] is one of floats or of integers.
//! - [`disable_ort_telemetry`] is for the `main` of a program that uses ONNX Runtime 1.29 or later.

#[cfg(feature = "ort-dynamic")]
mod dylib;
#[cfg(feature = "ort-dynamic")]
mod exit;
mod lanes;
#[cfg(feature = "ort-dynamic")]
mod library;
#[cfg(feature = "ort-dynamic")]
mod locate;
#[cfg(feature = "ort-dynamic")]
mod onnxruntime;
mod ports;
mod report;
mod rten;
mod runtime;
mod telemetry;
mod tensor;
#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::run::CancelToken;

pub use report::{Backend, BackendReport};
pub use telemetry::disable_ort_telemetry;

pub(crate) use ports::Ports;
pub(crate) use runtime::{ModelData, Opened, Runtime};
pub(crate) use tensor::{Tensor, Value};

/// A loaded model.
pub(crate) trait Session: Send + Sync {
    /// Its inputs and outputs.
    fn ports(&self) -> &Ports;

    /// Feeds `inputs` to the model, each to the port of that name, and returns `outputs` in their order.
    ///
    /// Any number of threads may call this concurrently. rten runs them in parallel; ONNX Runtime runs one after the
    /// other in each lane, because `ort` does not guarantee the thread safety of its sessions.
    ///
    /// Fails with [`Code::ModelShape`](crate::Code::ModelShape) if a name, a type or a shape does not fit the model's
    /// ports, [`Code::Cancelled`](crate::Code::Cancelled) if `cancel` fired, and
    /// [`Code::BackendFailed`](crate::Code::BackendFailed) otherwise. ONNX Runtime stops at the next operator when
    /// `cancel` fires; rten finishes the run first.
    fn run(&self, inputs: &[(&str, &Value)], outputs: &[&str], cancel: &CancelToken) -> Result<Vec<Value>>;
}
