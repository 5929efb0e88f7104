//! The tools: one operation each, with typed settings; and what they have in common.

pub(crate) mod crop;
pub(crate) mod facts;
mod framing;
mod pictures;
mod ran;
pub(crate) mod remove_background;
mod report;
mod step;
pub(crate) mod tensor;
mod tool;
pub(crate) mod upscale;

use std::str::FromStr;

pub use facts::AnyFacts;
pub use pictures::Pictures;
pub use ran::Ran;
pub(crate) use ran::{Clock, fallback};
pub use report::StepReport;
pub(crate) use step::{Step, step, with_pictures};
pub use tool::ToolResult;
pub(crate) use tool::{Tool, Uses};

use crop::Crop;
use remove_background::RemoveBackground;
use upscale::Upscale;

use crate::error::{Error, Result};

/// The value of an option that is text; an error names the option.
fn parse<T: FromStr<Err: Into<Error>>>(option: &'static str, text: &Option<String>) -> Result<Option<T>> {
    text.as_deref().map(str::parse).transpose().map_err(|error: T::Err| error.into().with("option", option))
}
