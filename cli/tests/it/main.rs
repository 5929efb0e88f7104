//! What users type, and what they get.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod crop;
mod cutout;
mod kept;
mod policy;
#[cfg(target_os = "linux")]
mod privacy;
mod recipe;
mod run;
mod upscale;
