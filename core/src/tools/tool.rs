//! What a tool is, and what it gives back.

use std::fmt;
use std::ops::Deref;

use super::facts::Facts;
use super::{Pictures, Ran};
use crate::device::Device;
use crate::error::Result;
use crate::models::{ModelChoice, ModelTask};
use crate::photo::Photo;
use crate::run::Run;

/// The settings of a tool, which know how they are read and run.
///
/// A tool is a folder beside this file with a type that implements this; one line in [`step`](super::step::step) makes it a
/// step of recipes, with everything that follows from that: names, estimates, models and pictures beside the recipe's
/// file, what a batch protects and knows results by.
pub(crate) trait Tool: Clone + fmt::Debug + Send + Sync + Sized + 'static {
    /// The options as recipes and bindings write them.
    type Options: Clone + fmt::Debug + Send + Sync;
    /// What it tells besides the photo.
    type Facts: Facts;
    /// Whether it takes [`Pictures`].
    const TAKES_PICTURES: bool = false;

    /// The files of pictures that `options` name.
    fn named(_options: &Self::Options) -> Pictures {
        Pictures::default()
    }

    /// The settings that `options` describe, with `pictures` and without the files that the options name.
    fn read_with(options: &Self::Options, pictures: &Pictures) -> Result<Self>;

    /// The model that it runs, if it runs one.
    fn uses(&self) -> Option<Uses<'_>> {
        None
    }

    /// The colour around the result where it is padded, if that is not for the export to say; `before` is that of the
    /// photo that came in.
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

/// What a tool made: a photo, what it tells besides, and what ran. The facts can be reached as if they were fields:
/// `cutout.matte` is `cutout.facts.matte`.
#[derive(Debug, Clone)]
pub struct ToolResult<Facts> {
    /// The picture that was asked for.
    pub photo: Photo,
    /// What is told besides, by the tool.
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
