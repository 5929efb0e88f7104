//! The native half of the Node package `packshot`.
//!
//! It turns JavaScript's values into the core's and back; the TypeScript in `lib/` is what users see. Nothing here runs
//! long on the thread of JavaScript: whatever reads, decodes, computes, encodes or copies pixels is a
//! [`packshot::Task`] on a thread of its own, and a promise waits for it. What may fail answers with its result or a
//! `Failure`, from which `lib/errors.ts` makes an error.
#![allow(unsafe_code, reason = "what napi's macros write for classes and functions is unsafe")]
#![allow(unreachable_pub, reason = "what they export is reached from JavaScript")]
#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing from a build for unit tests"))]

mod batch;
mod call;
#[cfg(feature = "command")]
mod command;
mod engine;
mod failure;
#[cfg(feature = "faults")]
mod faults;
mod made;
mod models;
mod open;
mod photo;
mod ran;
mod recipe;
mod rendition;
mod source;

use napi_derive::napi;

/// Large buffers go back to the system as soon as they are freed.
#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

/// The version of this library, which `lib/native.ts` holds against the package's.
#[napi]
pub fn version() -> &'static str {
    packshot::VERSION
}

/// Keeps ONNX Runtime from sending telemetry. `lib/native.ts` calls it once, on the main thread, while it loads.
#[napi]
pub fn disable_ort_telemetry() {
    // SAFETY: Node changes the environment of the process on its main thread, which is here now. A worker thread has a
    // copy of its own, unless it was started with `SHARE_ENV` before this package was loaded on the main thread and
    // writes to `process.env` at this very moment; Node's documentation and ours warn of both.
    unsafe { packshot::disable_ort_telemetry() };
}
