//! `packshot cutout …`, `packshot upscale …` and `packshot crop …`: recipes of one step.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use packshot::api::{self, Batch, Decode, Encode, Step};
use packshot::models::Descriptor;
use packshot::{
    Code, Color, ColorPolicy, EncodeOptions, Error, Fit, Pictures, Recipe, RemoveBackground, Result, Source,
};

use crate::args::{Batching, Cutout, Global, Model, Photos, Reading, SizedTool};
use crate::batch::{self, Style};
use crate::command::engine;
use crate::flags::Forms;
use crate::forms::{CropForms, UpscaleForms};
use crate::say::Voice;

pub(crate) fn cutout(args: &Cutout, global: &Global, voice: Voice) -> Result<u8> {
    let one = matches!(args.photos.photos.as_slice(), [photo] if !photo.is_dir());
    if (args.mask.is_some() || args.trimap.is_some()) && !one {
        return Err(Error::new(Code::OptionInvalid, "--mask and --trimap take one photo, not a folder"));
    }
    let picture = |path: &Option<PathBuf>| path.clone().map(Source::from);
    let (color, background) = background(args.background.as_deref())?;
    let pictures = Pictures { mask: picture(&args.mask), trimap: picture(&args.trimap), background };
    let mut encode = args.file.0.clone();
    if encode.fit == Some(Fit::Pad) {
        // Padding continues the background behind the subject, if that is opaque.
        let is_opaque = |color: &&String| color.parse().is_ok_and(|Color(color)| color[3] == 255);
        encode.background = color.as_ref().filter(is_opaque).cloned();
    }
    let options = api::RemoveBackground { model: model(&args.model)?, background: color, ..args.options.0.clone() };
    // These messages name options; those of the recipe would name keys.
    RemoveBackground::read(&options, &Pictures::default())?;
    EncodeOptions::read(&encode, None)?;
    let recipe = recipe(Step::RemoveBackground(options), encode, &args.reading)?;
    let recipe = match &pictures {
        Pictures { mask: None, trimap: None, background: None } => recipe,
        _ => recipe.with_pictures(&pictures)?,
    };
    run(&recipe, &args.photos, &args.model, &args.batching, global, voice)
}

pub(crate) fn upscale(args: &SizedTool<UpscaleForms>, global: &Global, voice: Voice) -> Result<u8> {
    let options = api::Upscale { model: model(&args.model)?, ..args.options.0.clone() };
    packshot::Upscale::read(&options)?;
    sized(args, Step::Upscale(options), global, voice)
}

pub(crate) fn crop(args: &SizedTool<CropForms>, global: &Global, voice: Voice) -> Result<u8> {
    let options = api::Crop { model: model(&args.model)?, ..args.options.0.clone() };
    packshot::Crop::read(&options)?;
    sized(args, Step::Crop(options), global, voice)
}

fn sized<F: Forms>(args: &SizedTool<F>, step: Step, global: &Global, voice: Voice) -> Result<u8> {
    EncodeOptions::read(&args.file.0, None)?;
    let recipe = recipe(step, args.file.0.clone(), &args.reading)?;
    run(&recipe, &args.photos, &args.model, &args.batching, global, voice)
}

fn recipe(step: Step, encode: Encode, reading: &Reading) -> Result<Recipe> {
    let decode = Decode { color: reading.keep_profile.then_some(ColorPolicy::Keep), ..reading.limits.0.clone() };
    let steps = vec![step, Step::Export(encode)];
    Recipe::new(api::Recipe { decode: Some(decode), steps, ..api::Recipe::default() })
}

fn run(
    recipe: &Recipe,
    photos: &Photos,
    model: &Model,
    batching: &Batching,
    global: &Global,
    voice: Voice,
) -> Result<u8> {
    let engine = engine(global)?;
    if voice.stdout_taken {
        return batch::filter(engine, recipe, &photos.photos, batching, Style::Tool, voice);
    }
    let inputs = photos.photos.iter().map(|photo| match photo.to_str() {
        Some("-") => standard_input(),
        _ => Ok(photo.clone()),
    });
    let batch = Batch {
        inputs: inputs.collect::<Result<_>>()?,
        protect: model.descriptor.iter().cloned().collect(),
        ..batch::options(&photos.output, batching)
    };
    batch::run(engine, recipe, batch, Style::Tool, voice)
}

/// The path of standard input, whose result is called `stdin`.
fn standard_input() -> Result<PathBuf> {
    let path = PathBuf::from("/dev/stdin");
    match path.exists() {
        true => Ok(path),
        false => {
            Err(Error::new(Code::OptionInvalid, "a photo from standard input must be written to standard output: -o -"))
        }
    }
}

/// A file if one of that name exists, a colour otherwise.
fn background(text: Option<&OsStr>) -> Result<(Option<String>, Option<Source>)> {
    let Some(text) = text else { return Ok((None, None)) };
    if Path::new(text).is_file() {
        return Ok((None, Some(Source::from(Path::new(text)))));
    }
    let color = text.to_string_lossy().into_owned();
    match color.parse::<Color>() {
        _ if color == "transparent" => Ok((None, None)),
        Ok(_) => Ok((Some(color), None)),
        Err(cause) => {
            let message = format!("`{color}` is neither a colour nor a picture file");
            Err(Error::new(Code::OptionInvalid, message).because(cause))
        }
    }
}

/// The model that `--model`, `--like` and `--descriptor` name.
fn model(args: &Model) -> Result<Option<api::Model>> {
    let Some(model) = &args.model else { return Ok(None) };
    let wrong = |message: String| Error::new(Code::OptionInvalid, message).with("option", "model");
    let file = model.to_str().ok_or_else(|| wrong("the path of a model must be Unicode".to_owned()))?.to_owned();
    let is_file = file.ends_with(".onnx") || file.contains(std::path::is_separator);
    let descriptor =
        args.descriptor.as_deref().map(descriptor).transpose().map_err(|error| error.with("option", "descriptor"))?;
    if args.like.is_none() && descriptor.is_none() {
        return match is_file {
            true => Err(wrong(format!("{file} is a file: describe its formats with --like ID or --descriptor FILE"))),
            false => Ok(Some(api::Model::Id(file))),
        };
    }
    Ok(Some(api::Model::File(api::ModelFile { file, like: args.like.clone(), descriptor })))
}

/// The text of a valid descriptor.
fn descriptor(path: &Path) -> Result<String> {
    Descriptor::from_file(path)?;
    std::fs::read_to_string(path)
        .map_err(|cause| Error::new(Code::FileUnreadable, "cannot read the descriptor").at(path).because(cause))
}
