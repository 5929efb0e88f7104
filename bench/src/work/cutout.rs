//! Packshot's cut-outs.

use std::fs;
use std::path::PathBuf;

use packshot::models::Descriptor;
use packshot::{Backend, DescriptorSource, EncodeOptions, Engine, ImageFormat, ModelChoice, Photo, RemoveBackground};

use crate::serve::Fault;

/// The file of a photo to the file of a cut-out, with a model file and the descriptor (a file, or the id of a model
/// like it).
pub(super) fn whole(
    model: &str,
    descriptor: &str,
    photo: &str,
    edges: &str,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::OnnxRuntime).build()?;
    let settings = RemoveBackground { model: model_file(model, descriptor)?, ..RemoveBackground::default() };
    let bytes = fs::read(photo)?;
    let _ = edges;
    Ok(move || {
        let photo = Photo::decode(&bytes)?;
        let cutout = engine.remove_background(&photo, &settings)?;
        if std::env::var_os("BENCH_STAGES").is_some() {
            eprintln!("{:?}", cutout.ran.stages);
        }
        Ok(cutout.photo.encode(&EncodeOptions::new(ImageFormat::Png))?)
    })
}

pub(crate) fn model_file(path: &str, descriptor: &str) -> Result<ModelChoice, Fault> {
    let descriptor = match descriptor.strip_suffix(".toml") {
        Some(_) => DescriptorSource::Given(Box::new(Descriptor::from_file(descriptor.as_ref())?)),
        None => DescriptorSource::Like(descriptor.to_owned()),
    };
    Ok(ModelChoice::File { path: PathBuf::from(path), descriptor })
}
