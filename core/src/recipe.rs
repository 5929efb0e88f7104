//! Recipes: a list of steps that makes one file of one photo.

mod plan;
mod rendition;

use std::path::Path;
use std::sync::Arc;

use packshot_api as api;

pub(crate) use plan::Plan;
pub use rendition::{Rendition, StepReport};

use crate::{Code, Error, Result, file};

/// The largest recipe that is read; a long one has a few thousand bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A recipe that was checked from the first line to the last: what it says can be done. Clones share everything.
#[derive(Debug, Clone)]
pub struct Recipe {
    data: Arc<api::Recipe>,
    plan: Arc<Plan>,
}

impl Recipe {
    /// A recipe as TOML or JSON: JSON begins with `{`.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`], with the line and the key.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = |cause: String| Error::new(Code::RecipeInvalid, cause);
        let data = match text.trim_start().starts_with('{') {
            true => serde_json::from_str(text).map_err(|cause| invalid(cause.to_string()))?,
            false => toml::from_str(text).map_err(|cause| invalid(cause.to_string()))?,
        };
        Self::new(data)
    }

    /// The recipe in the file at `path`.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`], [`Code::LimitBytes`] above 1 MiB, and those of
    /// [`parse`](Self::parse).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = file::read_bounded(path, MOST_BYTES)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|cause| Error::new(Code::RecipeInvalid, "the recipe is not UTF-8").at(path).because(cause))?;
        Self::parse(text).map_err(|error| error.at(path))
    }

    /// A recipe as data.
    ///
    /// # Errors
    /// [`Code::RecipeInvalid`], with the key.
    pub fn new(data: api::Recipe) -> Result<Self> {
        let plan = Plan::read(&data)?;
        Ok(Self { data: Arc::new(data), plan: Arc::new(plan) })
    }

    /// The recipe as data.
    #[must_use]
    pub fn data(&self) -> &api::Recipe {
        &self.data
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }
}
