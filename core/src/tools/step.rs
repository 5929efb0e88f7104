//! The table of tools, and a tool with its settings as a step of a recipe.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use packshot_api as api;

use super::facts::{AnyFacts, Facts};
use super::{Crop, Pictures, RemoveBackground, Tool, ToolResult, Upscale, Uses};
use crate::device::Device;
use crate::error::{Code, Error, Result};
use crate::photo::{DecodeOptions, Photo};
use crate::run::Run;

/// The table: a line for each tool. `None` for `export`.
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

/// The tool of a step with these pictures.
///
/// # Errors
/// [`Code::OptionInvalid`] for a step that is not a tool, and for pictures that it does not take; those of [`step`] and
/// of reading the pictures.
pub(crate) fn with_pictures(step: &api::Step, pictures: &Pictures, how: &DecodeOptions) -> Result<Arc<dyn Step>> {
    let refused = |why: &str| Error::new(Code::OptionInvalid, format!("`{}` {why}", step.name()));
    let tool = self::step(step)?.ok_or_else(|| refused("is not a tool"))?;
    if pictures.sources().iter().all(Option::is_none) {
        return Ok(tool);
    }
    tool.with_pictures(&pictures.decoded(how)?)?.ok_or_else(|| refused("takes no pictures"))
}

/// A tool in a recipe, with every option read.
pub(crate) trait Step: fmt::Debug + Send + Sync {
    fn uses(&self) -> Option<Uses<'_>>;

    /// See [`Tool::surround`].
    fn surround(&self, before: Option<[u8; 3]>) -> Option<[u8; 3]>;

    fn pictures(&self) -> &Pictures;

    /// The same tool with these pictures added; `None` if it takes none.
    ///
    /// # Errors
    /// Those of [`Tool::read_with`].
    fn with_pictures(&self, pictures: &Pictures) -> Result<Option<Arc<dyn Step>>>;

    /// Runs the tool.
    ///
    /// # Errors
    /// Those of [`Tool::run`], and of reading the pictures.
    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<ToolResult<AnyFacts>>;

    fn name(&self) -> &'static str;
}

#[derive(Debug, Clone)]
struct Planned<T: Tool> {
    name: &'static str,
    options: T::Options,
    pictures: Pictures,
    /// With a placeholder pixel for each picture if any of them is a file, which is read when the step runs.
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

    fn settings(&self, device: &Device) -> Result<Cow<'_, T>> {
        match self.pictures.files().next() {
            Some(_) => T::read_with(&self.options, &self.pictures.decoded(&device.reading())?).map(Cow::Owned),
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

    fn run(&self, device: &Device, run: &Run, photo: &Photo) -> Result<ToolResult<AnyFacts>> {
        let ToolResult { photo, facts, ran } = self.settings(device)?.run(device, run, photo)?;
        Ok(ToolResult { photo, facts: facts.into_any(), ran })
    }

    fn name(&self) -> &'static str {
        self.name
    }
}
