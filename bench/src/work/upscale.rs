//! A decoded photo to a larger one.

use std::path::PathBuf;

use packshot::{Backend, DescriptorSource, Engine, ModelChoice, Photo, Samples, Upscale};

use crate::serve::Fault;

/// Twice as large, with Packshot's `own` net or with the FSRCNN in a file.
pub(super) fn twice(backend: &str, model: &str, photo: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let backend = if backend == "rten" { Backend::Rten } else { Backend::OnnxRuntime };
    let engine = Engine::builder().backend(backend).build()?;
    let model = match model {
        "own" => ModelChoice::Embedded,
        file => {
            ModelChoice::File { path: PathBuf::from(file), descriptor: DescriptorSource::Like("fsrcnn-x2".to_owned()) }
        }
    };
    let settings = Upscale { model, ..Upscale::default() };
    let photo = Photo::open(photo)?;
    Ok(move || match engine.upscale(&photo, &settings)?.photo.into_samples() {
        Samples::U8(samples) => Ok(samples),
        Samples::U16(_) => Err("8 bit are expected".into()),
    })
}
