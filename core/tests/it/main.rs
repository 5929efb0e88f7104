//! What several modules do together, through the public API. One program for all of it, because each links everything;
//! beside it stand tests that need a process or an allocator of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it should be"
)]

mod batch;
mod cases;
#[cfg(feature = "client")]
mod client;
#[path = "../common/mod.rs"]
mod common;
mod concepts;
mod edges;
mod engine_limits;
mod error_codes;
mod export;
mod margins;
mod photo;
mod recipe_pack;
mod recipe_pictures;
mod recipes;
mod registry;
mod remove_background;
#[cfg(feature = "download")]
mod store;
mod upscale;
mod wrong_options;
mod wrong_recipes;
