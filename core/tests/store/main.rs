//! The model store against a real server on this machine.
#![cfg(feature = "download")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod cache;
mod engine;
mod place;
mod processes;
mod server;
mod transfer;
mod trouble;
