//! Packshot for Swift and Kotlin: the facade that their packages are made from.
//!
//! No logic lives here. Options are mirrors of the core's own types, which the compiler compares; objects wrap one of the
//! core's; every function converts, calls the core in a task of its own, and converts back. Tools and records of facts are
//! made by macros over the tables of `packshot-api`. The packages put their language's manners on top: cancellation, streams
//! of progress, files and errors of their own kind.
//!
//! Large bytes cross once: `Bytes` are copied on their way in and lent by address on their way out.

#![allow(unreachable_pub, reason = "what uniffi exports must be public, though nothing in Rust reaches it")]

mod batch;
mod bytes;
mod engine;
mod error;
mod facts;
#[cfg(feature = "faults")]
mod faults;
mod mirrors;
mod models;
mod photo;
mod recipe;
mod run;
mod tools;

uniffi::setup_scaffolding!("packshot");

/// Large buffers go back to the system as soon as they are freed.
#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

/// The version of the library.
#[uniffi::export]
pub fn version() -> String {
    packshot::VERSION.to_owned()
}
