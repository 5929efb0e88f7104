//! The `packshot` command, as a library: the program is a few lines around it, and the Python and the Node package bring
//! the same command with them.

#![warn(clippy::print_stdout, clippy::print_stderr, reason = "they panic when the reader is gone; `Voice` does not")]

mod args;
mod batch;
mod command;
mod doctor;
mod exit;
mod flags;
mod forms;
mod host;
mod models;
mod policy;
mod recipe;
mod run;
mod say;
#[cfg(feature = "client")]
mod service;
mod tool;

pub use command::run;
pub use host::Host;
