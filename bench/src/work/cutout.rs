//! Packshot's cut-outs and edges.

use std::fs;
use std::path::PathBuf;

use packshot::models::Descriptor;
use packshot::{
    Backend, DescriptorSource, Edges, EncodeOptions, Engine, ImageFormat, ModelChoice, Output, Photo, RemoveBackground,
    Samples, Stage,
};

use crate::serve::{Fault, Timed};

/// The file of a photo to the file of a cut-out, with a model file and its descriptor (a file, or the id of a model
/// like it).
pub(super) fn whole(
    model: &str,
    descriptor: &str,
    photo: &str,
    edges: &str,
    decontaminate: &str,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::OnnxRuntime).build()?;
    let settings = RemoveBackground {
        model: model_file(model, descriptor)?,
        edges: edges.parse()?,
        decontaminate: decontaminate == "on",
        ..RemoveBackground::default()
    };
    let bytes = fs::read(photo)?;
    Ok(move || {
        let photo = Photo::decode(&bytes)?;
        let cutout = engine.remove_background(&photo, &settings)?;
        // For whoever wants to know where the time goes; the log is beside the pictures.
        eprintln!("{:?}", cutout.ran.stages);
        Ok(cutout.photo.encode(&EncodeOptions::new(ImageFormat::Png))?)
    })
}

/// A decoded photo to alpha, with the stage that works on the edge as the time: the model's own is in other rows.
pub(super) fn edges(
    model: &str,
    descriptor: &str,
    photo: &str,
    edges: &str,
) -> Result<impl FnMut() -> Result<Timed, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::OnnxRuntime).build()?;
    let settings = RemoveBackground {
        model: model_file(model, descriptor)?,
        edges: edges.parse()?,
        output: Output::Alpha,
        ..RemoveBackground::default()
    };
    let photo = Photo::open(photo)?;
    Ok(move || {
        let cutout = engine.remove_background(&photo, &settings)?;
        let time = cutout.ran.stages.iter().filter(|(stage, _)| *stage == Stage::Edges).map(|(_, time)| *time).sum();
        Ok((cutout.facts.matte.into_alpha(), time))
    })
}

/// A decoded photo and a mask to alpha.
pub(super) fn alpha(photo: &str, mask: &str, edges: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    given_mask(photo, mask, edges.parse()?, false, Output::Alpha)
}

/// A decoded photo and its alpha to the colours of the subject.
pub(super) fn foreground(
    photo: &str,
    mask: &str,
    decontaminate: &str,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    given_mask(photo, mask, Edges::Off, decontaminate == "on", Output::Foreground)
}

fn given_mask(
    photo: &str,
    mask: &str,
    edges: Edges,
    decontaminate: bool,
    output: Output,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::new()?;
    let photo = Photo::open(photo)?;
    let mask = Some(Photo::open(mask)?.to_matte());
    let settings = RemoveBackground { mask, edges, decontaminate, output, ..RemoveBackground::default() };
    Ok(move || match engine.remove_background(&photo, &settings)?.photo.into_samples() {
        Samples::U8(samples) => Ok(samples),
        Samples::U16(_) => Err("8 bit are expected".into()),
    })
}

pub(crate) fn model_file(path: &str, descriptor: &str) -> Result<ModelChoice, Fault> {
    let descriptor = match descriptor.strip_suffix(".toml") {
        Some(_) => DescriptorSource::Given(Box::new(Descriptor::from_file(descriptor.as_ref())?)),
        None => DescriptorSource::Like(descriptor.to_owned()),
    };
    Ok(ModelChoice::File { path: PathBuf::from(path), descriptor })
}
