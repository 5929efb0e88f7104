//! The table of tools, and a tool with its settings as a step of a recipe.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use packshot_api as api;

use super::{Crop, Pictures, RemoveBackground, StepReport, Tool, Upscale, Uses};
use crate::device::Device;
use crate::error::Result;
use crate::photo::Photo;
use crate::run::Run;

/// The table: a line for each tool. `None` for what makes the file.
///
/// # Errors
/// Those of [`Tool::read_with`].
pub(crate) fn step(step: &api::Step) -> Result<Option<Arc<dyn Step>>> {
    let name = step.name();
    match step {
        api::Step::RemoveBackground(options) => planned::<RemoveBackground>(name, options),
        api::Step::Upscale(options) => planned::<Upscale>(name, options),
        api::Step::Crop(options) => planned::<Crop>(name, options),
        api::Step::Export(_) => Ok(None),
    }
}

/// A tool in a recipe, with every option read.
pub(crate) trait Step: fmt::Debug + Send + Sync {
    fn uses(&self) -> Option<Uses<'_>>;

    /// See [`Tool::surround`].
    fn surround(&self, before: Option<[u8; 3]>) -> Option<[u8; 3]>;

    fn pictures(&self) -> &Pictures;

    /// The same with these pictures too; `None` if the tool takes none.
    ///
    /// # Errors
    /// Those of [`Tool::read_with`].
    fn with_pictures(&self, pictures: &Pictures) -> Result<Option<Arc<dyn Step>>>;

    /// Runs the tool.
    ///
    /// # Errors
    /// Those of [`Tool::run`], and of reading the pictures.
    fn apply(&self, device: &Device, run: &Run, photo: &Photo) -> Result<(Photo, StepReport)>;
}

#[derive(Debug, Clone)]
struct Planned<T: Tool> {
    name: &'static str,
    options: T::Options,
    pictures: Pictures,
    /// With a pixel in the place of each picture, if there are files among them, which are read when the step runs.
    settings: T,
}

fn planned<T: Tool>(name: &'static str, options: &T::Options) -> Result<Option<Arc<dyn Step>>> {
    Ok(Some(Arc::new(Planned::<T>::new(name, options.clone(), T::named(options))?)))
}

impl<T: Tool> Planned<T> {
    fn new(name: &'static str, options: T::Options, pictures: Pictures) -> Result<Self> {
        let settings = match pictures.files().next() {
            Some(_) => T::read_with(&options, &pictures.pixels()?)?,
            None => T::read_with(&options, &pictures)?,
        };
        Ok(Self { name, options, pictures, settings })
    }

    fn settings(&self) -> Result<Cow<'_, T>> {
        match self.pictures.files().next() {
            Some(_) => T::read_with(&self.options, &self.pictures).map(Cow::Owned),
            None => Ok(Cow::Borrowed(&self.settings)),
        }
    }
}

impl<T: Tool> Step for Planned<T> {
    fn uses(&self) -> Option<Uses<'_>> {
        self.settings.uses()
    }

    fn surround(&self, before: Option<[u8; 3]>) -> Option<[u8; 3]> {
        self.settings.surround(before)
    }

    fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    fn with_pictures(&self, pictures: &Pictures) -> Result<Option<Arc<dyn Step>>> {
        if !T::TAKES_PICTURES {
            return Ok(None);
        }
        let pictures = self.pictures.clone().and(pictures)?;
        Ok(Some(Arc::new(Self::new(self.name, self.options.clone(), pictures)?)))
    }

    fn apply(&self, device: &Device, run: &Run, photo: &Photo) -> Result<(Photo, StepReport)> {
        let start = Instant::now();
        let result = self.settings()?.run(device, run, photo)?;
        let mut report = StepReport {
            step: self.name,
            width: result.photo.width(),
            height: result.photo.height(),
            ran: result.ran,
            time: start.elapsed(),
            found: None,
            scale: None,
        };
        T::tell(&result.facts, &mut report);
        Ok((result.photo, report))
    }
}
