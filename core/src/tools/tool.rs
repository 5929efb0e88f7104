//! The trait of tools, and their result.

use std::fmt;
use std::ops::Deref;

use super::facts::Facts;
use super::{Pictures, Ran};
use crate::device::Device;
use crate::error::Result;
use crate::models::{ModelChoice, ModelTask};
use crate::photo::Photo;
use crate::run::Run;

/// The settings of a tool, with the code that reads and runs them.
///
/// A tool is a folder beside this file with a type that implements this trait; one line in [`step`](super::step::step)
/// makes it a step of recipes, with everything that follows: its name, estimates, models and pictures relative to the
/// recipe's file, the files that a batch protects, and the hash that identifies results.
pub(crate) trait Tool: Clone + fmt::Debug + Send + Sync + Sized + 'static {
    /// The options as recipes and bindings write them.
    type Options: Clone + fmt::Debug + Send + Sync;
    /// The facts that it returns besides the photo.
    type Facts: Facts;
    /// Whether it takes [`Pictures`].
    const TAKES_PICTURES: bool = false;

    /// The files of pictures that `options` name.
    fn named(_options: &Self::Options) -> Pictures {
        Pictures::default()
    }

    /// Reads `options` with `pictures`, ignoring the files that the options name.
    fn read_with(options: &Self::Options, pictures: &Pictures) -> Result<Self>;

    /// The model that it runs, if any.
    fn uses(&self) -> Option<Uses<'_>> {
        None
    }

    /// The colour for padding around the result, unless the export chooses it; `before` is that of the input photo.
    fn surround(&self, before: Option<[u8; 3]>) -> Option<[u8; 3]> {
        before
    }

    /// The largest width and height, in pixels, that it makes of a photo of width and height `from`.
    fn reach(&self, from: (u32, u32)) -> (u32, u32) {
        from
    }

    /// Does the work, on the calling thread.
    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<ToolResult<Self::Facts>>;
}

/// The model that a tool runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uses<'a> {
    pub(crate) choice: &'a ModelChoice,
    pub(crate) task: ModelTask,
    /// Ids of Packshot's own models for it.
    pub(crate) own: &'static [&'static str],
}

/// The result of a tool: a photo, facts, and what ran. Facts can be accessed like fields: `cutout.matte` is
/// `cutout.facts.matte`.
#[derive(Debug, Clone)]
pub struct ToolResult<Facts> {
    /// The resulting picture.
    pub photo: Photo,
    /// The tool's own facts.
    pub facts: Facts,
    /// What did the work; without a model if none was needed.
    pub ran: Ran,
}

impl<Facts> Deref for ToolResult<Facts> {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}
