//! The tools: one operation each, with typed settings; and what all of them are asked for and report.

mod ran;
pub(crate) mod remove_background;
pub(crate) mod tensor;
pub(crate) mod upscale;

pub use ran::Ran;
pub(crate) use ran::{Clock, fallback};
