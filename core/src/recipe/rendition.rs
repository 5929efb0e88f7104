use std::path::Path;
use std::time::Duration;

use crate::error::Result;
use crate::file::write_atomically;
use crate::geometry::Rect;
use crate::note::Note;
use crate::ops::components::Instance;
use crate::photo::{ImageFormat, Photo};
use crate::tools::Ran;

/// What a recipe made of a photo.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rendition {
    /// The picture after the last step but `export`, which may scale it and lower its quality.
    pub photo: Photo,
    /// The file.
    pub bytes: Vec<u8>,
    /// The format of the file.
    pub format: ImageFormat,
    /// Width of the picture in the file, in pixels.
    pub width: u32,
    /// Height of the picture in the file, in pixels.
    pub height: u32,
    /// What was done, in order.
    pub steps: Vec<StepReport>,
    /// What was not done as asked: the notes of all steps, and options of the export that have no effect.
    pub notes: Vec<Note>,
}

/// What one step of a recipe did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StepReport {
    /// The tool.
    pub step: &'static str,
    /// Width of the picture after it, in pixels.
    pub width: u32,
    /// Height of the picture after it, in pixels.
    pub height: u32,
    /// Model, backend, and the time of each stage.
    pub ran: Ran,
    /// The time of the whole step.
    pub time: Duration,
    /// What a cut-out found.
    pub found: Option<Found>,
    /// By what factor an upscale made the sides larger.
    pub scale: Option<f64>,
}

/// What a cut-out found in a photo; each as in [`Cutout`](crate::Cutout).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Found {
    /// The box around everything that is at least half subject.
    pub subject: Option<Rect>,
    /// The separate subjects, the largest first.
    pub instances: Vec<Instance>,
    /// How sure the model is, from 0 to 1.
    pub confidence: f32,
    /// How much of the old background is left in the rim, from 0 to 1.
    pub halo: f32,
}

impl Rendition {
    /// Writes the file, in one step: nobody ever sees half of it.
    ///
    /// # Errors
    /// Those of [`write_atomically`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_atomically(path.as_ref(), &self.bytes)
    }
}
