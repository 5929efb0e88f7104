//! Policies as a program reads, checks, obeys and explains them, through the public API.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

mod answers;
mod calendar;
mod diff;
mod explain;
mod flows;
mod holds;
mod known;
mod lint;
mod mutations;
mod mutations_elsewhere;
mod next_action;
mod page;
mod proofs;
mod properties;
mod properties_of_presets;
mod schema;
mod simulate;
mod vectors;
mod versions;
mod wrong_policies;
