//! A recipe as the settings of its tools, and how it runs.

use std::path::PathBuf;
use std::time::Instant;

use packshot_api::{self as api, Output, RecipeFault};

use super::{Found, Rendition, StepReport, fault, notes};
use crate::device::Device;
use crate::error::Result;
use crate::models::{ModelChoice, ModelTask, Registry};
use crate::note::Note;
use crate::photo::{DecodeOptions, EncodeOptions, ImageFormat, Limits, Photo, Source};
use crate::run::{Run, Stage};
use crate::tools::remove_background::{self, Pictures, RemoveBackground};
use crate::tools::upscale::{self, Upscale};

/// The share of a rendition's progress that decoding takes, and that encoding does.
const EDGE: f32 = 0.05;

/// What a recipe does, with every option read.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    decode: DecodeOptions,
    steps: Vec<Work>,
    export: EncodeOptions,
    /// What of the export's options has no effect.
    notes: Vec<Note>,
}

#[derive(Debug, Clone)]
enum Work {
    RemoveBackground(Box<RemoveBackground>),
    Upscale(Box<Upscale>),
}

impl Work {
    fn model(&self) -> &ModelChoice {
        match self {
            Self::RemoveBackground(settings) => &settings.model,
            Self::Upscale(settings) => &settings.model,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::RemoveBackground(_) => "remove_background",
            Self::Upscale(_) => "upscale",
        }
    }
}

/// The colour around such a picture where it is padded, if that is not for the export to say: where there is no photo
/// there is no subject.
const fn outside_of(output: Output) -> Option<[u8; 3]> {
    match output {
        Output::Alpha | Output::Mask | Output::Foreground | Output::Trimap => Some([0; 3]),
        Output::Rgba | Output::Background => None,
    }
}

impl Plan {
    /// Fails for options that make no sense, with the key of the option.
    pub(crate) fn read(recipe: &api::Recipe) -> Result<Self, RecipeFault> {
        let mut steps = Vec::with_capacity(recipe.steps.len());
        let (mut export, mut outside, mut ignored) = (None, None, Vec::new());
        for (index, step) in recipe.steps.iter().enumerate() {
            let mut add = || -> Result<()> {
                match step {
                    api::Step::RemoveBackground(options) => {
                        outside = options.output.and_then(outside_of);
                        let settings = RemoveBackground::read(options, &Pictures::default())?;
                        steps.push(Work::RemoveBackground(Box::new(settings)));
                    }
                    api::Step::Upscale(options) => steps.push(Work::Upscale(Box::new(Upscale::read(options)?))),
                    api::Step::Export(options) => {
                        let read = EncodeOptions::read(options, None)?;
                        ignored = notes::of_export(options, &read);
                        export = Some(read);
                    }
                }
                Ok(())
            };
            add().map_err(|error| fault::of_step(index, step, &error))?;
        }
        let decode = recipe.decode.as_ref().map_or_else(DecodeOptions::default, DecodeOptions::from);
        let mut export = export.unwrap_or_else(|| EncodeOptions::new(ImageFormat::Png));
        export.background = export.background.or(outside);
        Ok(Self { decode, steps, export, notes: ignored })
    }

    /// The format of the result.
    pub(crate) fn format(&self) -> ImageFormat {
        self.export.format
    }

    /// What a file may take.
    pub(crate) fn limits(&self) -> &Limits {
        &self.decode.limits
    }

    /// The plan with pictures for the cut-outs of `recipe`, of which it was read.
    pub(crate) fn with_pictures(&self, recipe: &api::Recipe, pictures: &Pictures) -> Result<Self> {
        let mut plan = self.clone();
        for (work, step) in plan.steps.iter_mut().zip(&recipe.steps) {
            if let (Work::RemoveBackground(settings), api::Step::RemoveBackground(options)) = (work, step) {
                **settings = RemoveBackground::read(options, pictures)?;
            }
        }
        Ok(plan)
    }

    /// The files of models that it names.
    pub(crate) fn models(&self) -> impl Iterator<Item = PathBuf> {
        self.steps.iter().filter_map(|step| match step.model() {
            ModelChoice::File { path, .. } => Some(path.clone()),
            ModelChoice::Embedded | ModelChoice::Id(_) => None,
        })
    }

    /// Fails now, and not for each photo, if a model that is named is unknown, missing, of another task, or cannot be
    /// loaded. The error names the option.
    pub(crate) fn check_models(&self, device: &Device, run: &Run) -> Result<()> {
        for step in &self.steps {
            let (task, own) = match step {
                Work::RemoveBackground(_) => (ModelTask::RemoveBackground, Registry::EMBEDDED),
                Work::Upscale(_) => (ModelTask::Upscale, Registry::EMBEDDED_UPSCALE[0]),
            };
            let check = || {
                if matches!(step.model(), ModelChoice::Embedded) {
                    return Ok(());
                }
                let found = device.find(step.model(), task, own, run)?;
                // A registered model was checked when it was fetched.
                if matches!(step.model(), ModelChoice::File { .. }) {
                    device.open(&found, run).map(drop)
                } else {
                    Ok(())
                }
            };
            check().map_err(|error| {
                let named = error.context().any(|(key, _)| key == "option");
                if named { error } else { error.with("option", "model") }
            })?;
        }
        Ok(())
    }

    /// The first third of the work, which needs a disk.
    pub(crate) fn decode(&self, source: &Source) -> Result<Photo> {
        source.read(&self.decode)
    }

    /// The second, which needs models. Progress goes from 0 to 1.
    pub(crate) fn apply(&self, device: &Device, run: &Run, mut photo: Photo) -> Result<(Photo, Vec<StepReport>)> {
        let mut reports = Vec::with_capacity(self.steps.len());
        let share = 1.0 / self.steps.len().max(1) as f32;
        for (index, step) in self.steps.iter().enumerate() {
            let start = Instant::now();
            let run = run.part(index as f32 * share, (index + 1) as f32 * share);
            let (ran, found, scale) = match step {
                Work::RemoveBackground(settings) => {
                    let cutout = remove_background::run(device, &run, &photo, settings)?;
                    photo = cutout.photo;
                    let (subject, instances) = (cutout.subject, cutout.instances);
                    (
                        cutout.ran,
                        Some(Found { subject, instances, confidence: cutout.confidence, halo: cutout.halo }),
                        None,
                    )
                }
                Work::Upscale(settings) => {
                    let upscaled = upscale::run(device, &run, &photo, settings)?;
                    photo = upscaled.photo;
                    (upscaled.ran, None, Some(upscaled.scale))
                }
            };
            let (width, height) = (photo.width(), photo.height());
            reports.push(StepReport { step: step.name(), width, height, ran, time: start.elapsed(), found, scale });
        }
        Ok((photo, reports))
    }

    /// What was not done as asked, from the first step to the export.
    pub(crate) fn notes(&self, photo: &[Note], steps: &[StepReport]) -> Vec<Note> {
        let ran = steps.iter().flat_map(|step| &step.ran.notes);
        photo.iter().chain(ran).chain(&self.notes).cloned().collect()
    }

    /// What decides about the pixels besides the photo and the recipe: the models that it may use.
    ///
    /// # Errors
    /// Those of [`Device::identity`].
    pub(crate) fn identity(&self, device: &Device) -> Result<String> {
        let mut models = Vec::new();
        for step in &self.steps {
            match step {
                Work::RemoveBackground(settings) => models.push(device.identity(&settings.model, Registry::EMBEDDED)?),
                Work::Upscale(settings) => {
                    for own in Registry::EMBEDDED_UPSCALE {
                        models.push(device.identity(&settings.model, own)?);
                    }
                }
            }
        }
        Ok(models.join(" "))
    }

    /// The last: the bytes of the file.
    pub(crate) fn encode(&self, photo: &Photo) -> Result<Vec<u8>> {
        photo.encode(&self.export)
    }

    /// All three.
    pub(crate) fn run(&self, device: &Device, run: &Run, source: &Source) -> Result<Rendition> {
        run.checkpoint(Stage::Decode, 0.0)?;
        let photo = self.decode(source)?;
        let read = photo.notes().to_vec();
        let (photo, steps) = self.apply(device, &run.part(EDGE, 1.0 - EDGE), photo)?;
        run.checkpoint(Stage::Encode, 1.0 - EDGE)?;
        let (bytes, (width, height)) = photo.encode_sized(&self.export)?;
        run.checkpoint(Stage::Encode, 1.0)?;
        let notes = self.notes(&read, &steps);
        Ok(Rendition { photo, bytes, format: self.format(), width, height, steps, notes })
    }
}
