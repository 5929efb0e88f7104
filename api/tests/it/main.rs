//! Recipes and options as data, through the public API.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

mod cases;
mod estimate;
mod generated;
mod hosted;
mod round_trips;
mod schema;
mod variables;
