use std::path::Path;

use crate::error::Result;
use crate::file::write_atomically;
use crate::note::Note;
use crate::photo::{ImageFormat, Photo};
use crate::tools::StepReport;

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

impl Rendition {
    /// Writes the file atomically.
    ///
    /// # Errors
    /// Those of [`write_atomically`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        write_atomically(path.as_ref(), &self.bytes)
    }
}
