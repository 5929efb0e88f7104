//! The tools: one operation each, with typed settings; and what all of them are asked for and report.

mod pictures;
mod ran;
pub(crate) mod remove_background;
mod report;
mod step;
pub(crate) mod tensor;
mod tool;
pub(crate) mod upscale;

pub use pictures::Pictures;
pub use ran::Ran;
pub(crate) use ran::{Clock, fallback};
pub use report::{Found, StepReport};
pub(crate) use step::{Step, step};
pub use tool::ToolResult;
pub(crate) use tool::{Tool, Uses};

use remove_background::RemoveBackground;
use upscale::Upscale;
