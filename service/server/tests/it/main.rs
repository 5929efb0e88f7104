//! The service, from outside.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod api;
mod assets;
mod client;
mod command;
mod credits;
mod files;
mod gateway;
mod identity;
mod logs;
mod postgres;
mod service;
mod start;
mod stores;
#[expect(dead_code, reason = "shared with core, whose tests need photos")]
#[path = "../../../../core/src/test_data.rs"]
mod test_data;
#[cfg(feature = "traces")]
mod traces;
