//! The model store against a real server on this machine.

mod cache;
mod engine;
mod place;
mod processes;
mod server;
mod transfer;
mod trouble;
