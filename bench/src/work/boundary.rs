//! What the bindings do, in Rust: the same calls without a boundary to cross. Embedded model, rten, default options.

use std::fs;

use packshot::{Backend, Channels, EncodeOptions, Engine, ImageFormat, Photo, RemoveBackground, Samples};

use crate::serve::Fault;

/// The bytes of a photo's file to the bytes of a PNG.
pub(super) fn bytes(photo: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::Rten).build()?;
    let bytes = fs::read(photo)?;
    Ok(move || {
        let cutout = engine.remove_background(bytes.clone(), &RemoveBackground::default())?;
        Ok(cutout.photo.encode(&EncodeOptions::new(ImageFormat::Png))?)
    })
}

/// RGB samples to RGBA samples. The caller keeps its samples, so the photo is a copy.
pub(super) fn pixels(samples: &str, width: u32, height: u32) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::Rten).build()?;
    let samples = fs::read(samples)?;
    Ok(move || {
        let photo = Photo::new(width, height, Channels::Rgb, samples.clone())?;
        let cutout = engine.remove_background(photo, &RemoveBackground::default())?;
        match cutout.photo.into_samples() {
            Samples::U8(samples) => Ok(samples),
            Samples::U16(_) => Err("8 bit are expected".into()),
        }
    })
}
