//! A recipe as the settings of its tools, and how it runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use packshot_api::{self as api, DocumentFault};

use super::{Rendition, fault, notes};
use crate::device::Device;
use crate::error::Result;
use crate::models::ModelChoice;
use crate::note::Note;
use crate::photo::{DecodeOptions, EncodeOptions, ImageFormat, Photo, Source};
use crate::run::{Run, Stage};
use crate::tools::{self, Pictures, Step, StepReport, Uses};

/// The share of progress for decoding, and again for encoding.
const EDGE: f32 = 0.05;

/// What a recipe does, with every option read.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    decode: api::Decode,
    steps: Vec<Arc<dyn Step>>,
    export: EncodeOptions,
    /// Options of the export that have no effect.
    notes: Vec<Note>,
}

impl Plan {
    /// Fails for invalid options, with the key of the option.
    pub(crate) fn read(recipe: &api::Recipe) -> Result<Self, DocumentFault> {
        let mut steps = Vec::with_capacity(recipe.steps.len());
        let (mut export, mut surround, mut ignored) = (None, None, Vec::new());
        for (index, step) in recipe.steps.iter().enumerate() {
            let mut add = || -> Result<()> {
                if let Some(step) = tools::step(step)? {
                    surround = step.surround(surround);
                    steps.push(step);
                }
                if let api::Step::Export(options) = step {
                    let read = EncodeOptions::read(options, None)?;
                    ignored = notes::of_export(options, &read);
                    export = Some(read);
                }
                Ok(())
            };
            add().map_err(|error| fault::of_step(index, step, &error))?;
        }
        let decode = recipe.decode.clone().unwrap_or_default();
        let mut export = export.unwrap_or_else(|| EncodeOptions::new(ImageFormat::Png));
        export.background = export.background.or(surround);
        Ok(Self { decode, steps, export, notes: ignored })
    }

    /// The format of the result.
    pub(crate) fn format(&self) -> ImageFormat {
        self.export.format
    }

    /// How a photo is read: as the recipe says, and where it says nothing, as the engine does.
    pub(crate) fn reading(&self, device: &Device) -> DecodeOptions {
        device.reading().with(&self.decode)
    }

    /// The plan with pictures for the tools that take them; `None` if none does.
    pub(crate) fn with_pictures(&self, pictures: &Pictures) -> Result<Option<Self>> {
        let (mut plan, mut taken) = (self.clone(), false);
        for step in &mut plan.steps {
            if let Some(pictured) = step.with_pictures(pictures)? {
                (*step, taken) = (pictured, true);
            }
        }
        Ok(taken.then_some(plan))
    }

    /// The files of models and pictures that it names.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.steps.iter().flat_map(|step| {
            let model = step.uses().and_then(|uses| match uses.choice {
                ModelChoice::File { path, .. } => Some(path.clone()),
                ModelChoice::Embedded | ModelChoice::Id(_) => None,
            });
            model.into_iter().chain(step.pictures().files().map(Path::to_owned))
        })
    }

    /// Whether it reads other pictures for each photo.
    pub(crate) fn reads_pictures(&self) -> bool {
        self.steps.iter().any(|step| step.pictures().files().next().is_some())
    }

    /// Fails now, not once per photo, if a named model is unknown, missing, of another task, or cannot be loaded. The
    /// error names the option.
    pub(crate) fn check_models(&self, device: &Device, run: &Run) -> Result<()> {
        for Uses { choice, task, own } in self.steps.iter().filter_map(|step| step.uses()) {
            let check = || {
                if matches!(choice, ModelChoice::Embedded) {
                    return Ok(());
                }
                let found = device.find(choice, task, own.first().copied().unwrap_or_default(), run)?;
                // A registry model was verified when it was downloaded.
                if matches!(choice, ModelChoice::File { .. }) { device.open(&found, run).map(drop) } else { Ok(()) }
            };
            check().map_err(|error| {
                let named = error.context().any(|(key, _)| key == "option");
                if named { error } else { error.with("option", "model") }
            })?;
        }
        Ok(())
    }

    /// The first stage, which needs the disk.
    pub(crate) fn decode(&self, device: &Device, source: &Source) -> Result<Photo> {
        source.read(&self.reading(device))
    }

    /// The second stage, which needs models. Reports progress from 0 to 1.
    pub(crate) fn apply(&self, device: &Device, run: &Run, mut photo: Photo) -> Result<(Photo, Vec<StepReport>)> {
        let mut reports = Vec::with_capacity(self.steps.len());
        let share = 1.0 / self.steps.len().max(1) as f32;
        for (index, step) in self.steps.iter().enumerate() {
            let run = run.part(index as f32 * share, (index + 1) as f32 * share);
            let start = Instant::now();
            let made = step.run(device, &run, &photo)?;
            photo = made.photo;
            reports.push(StepReport {
                step: step.name(),
                width: photo.width(),
                height: photo.height(),
                ran: made.ran,
                time: start.elapsed(),
                facts: made.facts.data,
            });
        }
        Ok((photo, reports))
    }

    /// What was not done as asked, from the first step to the export.
    pub(crate) fn notes(&self, photo: &[Note], steps: &[StepReport]) -> Vec<Note> {
        let ran = steps.iter().flat_map(|step| &step.ran.notes);
        photo.iter().chain(ran).chain(&self.notes).cloned().collect()
    }

    /// What determines the pixels besides the photo and the recipe: the models that it may use, and the content of the
    /// pictures that it reads.
    ///
    /// # Errors
    /// Those of [`Device::identity`]; [`Code::FileMissing`](crate::Code::FileMissing) and
    /// [`Code::FileUnreadable`](crate::Code::FileUnreadable) for a picture.
    pub(crate) fn identity(&self, device: &Device) -> Result<String> {
        let mut parts = Vec::new();
        for step in &self.steps {
            if let Some(uses) = step.uses() {
                for own in uses.own {
                    parts.push(device.identity(uses.choice, own)?);
                }
            }
            for file in step.pictures().files() {
                parts.push(device.hash_of(file)?.to_string());
            }
        }
        Ok(parts.join(" "))
    }

    /// The last stage: the bytes of the file.
    pub(crate) fn encode(&self, photo: &Photo) -> Result<Vec<u8>> {
        photo.encode(&self.export)
    }

    /// Runs all three stages.
    pub(crate) fn run(&self, device: &Device, run: &Run, source: Source) -> Result<Rendition> {
        run.checkpoint(Stage::Decode, 0.0)?;
        let photo = source.into_photo(&self.reading(device))?;
        let read = photo.notes().to_vec();
        let (photo, steps) = self.apply(device, &run.part(EDGE, 1.0 - EDGE), photo)?;
        run.checkpoint(Stage::Encode, 1.0 - EDGE)?;
        let (bytes, (width, height)) = photo.encode_sized(&self.export)?;
        run.checkpoint(Stage::Encode, 1.0)?;
        let notes = self.notes(&read, &steps);
        Ok(Rendition { photo, bytes, format: self.format(), width, height, steps, notes })
    }
}
