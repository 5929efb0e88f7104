//! The service, from outside.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod credits;
mod postgres;
mod stores;
