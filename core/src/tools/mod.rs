//! The tools: one operation each, with typed settings; and what all of them are asked for and report.

mod model_choice;
mod ran;
pub(crate) mod remove_background;
pub(crate) mod upscale;

pub use model_choice::{DescriptorSource, ModelChoice};
pub use ran::Ran;
pub(crate) use ran::{Clock, fallback};
