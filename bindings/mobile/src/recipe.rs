use std::collections::HashMap;
use std::sync::Arc;

use packshot::{Run, guard};

use crate::bytes::Bytes;
use crate::engine::{Engine, Note, Ran};
use crate::error::Failure;
use crate::mirrors::ImageFormat;
use crate::photo::{Photo, Source};
use crate::run::{CancelToken, ProgressListener, spawn, start};

/// A list of steps that makes one file of one photo, checked from the first line to the last.
#[derive(uniffi::Object)]
pub struct Recipe(pub(crate) packshot::Recipe);

/// What a recipe says of itself.
#[derive(uniffi::Record)]
pub struct RecipeFacts {
    /// Its name for people.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Every variable with its value, as text.
    pub variables: HashMap<String, String>,
    /// The recipe as TOML, with values in the place of variables.
    pub toml: String,
    /// The recipe as JSON, with values in the place of variables.
    pub json: String,
    /// SHA-256 of what decides about the result, as 64 hexadecimal digits.
    pub hash: String,
}

/// A recipe that comes with the library.
#[derive(uniffi::Record)]
pub struct Preset {
    /// Its name, such as `white-background`.
    pub name: String,
    /// What it makes, in a sentence or two.
    pub description: String,
    /// The recipe, as TOML with its variables: a good beginning for one's own.
    pub text: String,
}

/// The recipes that come with the library.
#[uniffi::export]
pub fn presets() -> Result<Vec<Preset>, Failure> {
    let preset = |packshot::Preset { name, description, text, .. }| Preset {
        name: str::to_owned(name),
        description,
        text: str::to_owned(text),
    };
    Ok(guard(|| Ok(packshot::Recipe::presets().into_iter().map(preset).collect()))?)
}

#[uniffi::export]
impl Recipe {
    /// A recipe that comes with the library.
    #[uniffi::constructor]
    pub fn preset(name: String) -> Result<Arc<Self>, Failure> {
        Self::read(|| packshot::Recipe::preset(&name))
    }

    /// The recipe in a file. Paths of models in it are relative to the folder of the file.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>, Failure> {
        Self::read(|| packshot::Recipe::open(&path))
    }

    /// A recipe as TOML or JSON.
    #[uniffi::constructor]
    pub fn parse(text: String) -> Result<Arc<Self>, Failure> {
        Self::read(|| packshot::Recipe::parse(&text))
    }

    /// The recipe with other values for variables; the rest stay as they are.
    pub fn with_all(&self, values: HashMap<String, String>) -> Result<Arc<Self>, Failure> {
        Self::read(|| self.0.with_all(values))
    }

    /// What it says of itself.
    pub fn facts(&self) -> Result<RecipeFacts, Failure> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Ok(guard(|| {
            Ok(RecipeFacts {
                name: text(self.0.name()),
                description: text(self.0.description()),
                variables: self.0.variables().into_iter().collect(),
                toml: self.0.to_toml(),
                json: self.0.to_json(),
                hash: self.0.hash(),
            })
        })?)
    }
}

impl Recipe {
    fn read(recipe: impl FnOnce() -> packshot::Result<packshot::Recipe>) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self(guard(recipe)?)))
    }
}

/// What a recipe made of a photo.
#[derive(uniffi::Object)]
pub struct Rendition(Arc<packshot::Rendition>);

/// What one step of a recipe did.
#[derive(uniffi::Record)]
pub struct StepReport {
    /// The tool.
    pub step: String,
    /// Width of the picture after it, in pixels.
    pub width: u32,
    /// Height of the picture after it, in pixels.
    pub height: u32,
    /// Model, backend, and the time of each stage.
    pub ran: Ran,
    /// Seconds that the whole step took.
    pub seconds: f64,
}

#[uniffi::export]
impl Engine {
    /// Makes a file of a photo as a recipe says.
    pub async fn run_recipe(
        &self,
        source: Source,
        recipe: Arc<Recipe>,
        cancel: Arc<CancelToken>,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Arc<Rendition>, Failure> {
        let engine = self.0.clone();
        let task = |run: &Run| Ok(engine.with_run(run).start_recipe(source, &recipe.0));
        let rendition = start(&cancel, listener, task).await?;
        Ok(Arc::new(Rendition(Arc::new(rendition))))
    }
}

#[uniffi::export]
impl Rendition {
    /// The picture after the last step but `export`.
    pub fn photo(&self) -> Arc<Photo> {
        Arc::new(Photo(self.0.photo.clone()))
    }

    /// The file, without a copy.
    pub fn bytes(&self) -> Arc<Bytes> {
        Bytes::rendition(Arc::clone(&self.0))
    }

    /// The format of the file.
    pub fn format(&self) -> ImageFormat {
        self.0.format
    }

    /// What was done, in order.
    pub fn steps(&self) -> Vec<StepReport> {
        self.0.steps.iter().map(StepReport::from).collect()
    }

    /// What was not done as asked: the notes of all steps, and options of the export that have no effect.
    pub fn notes(&self) -> Vec<Note> {
        self.0.notes.iter().cloned().map(Note::from).collect()
    }

    /// Writes the file to `path` in one step.
    pub async fn save(&self, path: String, cancel: Arc<CancelToken>) -> Result<(), Failure> {
        let rendition = Arc::clone(&self.0);
        spawn(&cancel, None, move |_| rendition.save(path)).await
    }
}

impl From<&packshot::StepReport> for StepReport {
    fn from(report: &packshot::StepReport) -> Self {
        let packshot::StepReport { step, width, height, ran, time, .. } = report;
        let (ran, seconds) = (ran.clone().into(), time.as_secs_f64());
        Self { step: (*step).to_owned(), width: *width, height: *height, ran, seconds }
    }
}
