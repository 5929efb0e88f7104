//! What the bindings do, in Rust: the same calls without a boundary to cross. Embedded model, rten, default options.

use std::fs;
use std::time::{Duration, Instant};

use packshot::{
    Backend, CancelToken, Channels, Code, Edges, EncodeOptions, Engine, ImageFormat, Photo, RemoveBackground, Samples,
};

use crate::serve::{Fault, Timed};

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

/// When each round's cancels come after the start of the work, in milliseconds.
const CANCELS: [u64; 5] = [5, 40, 90, 160, 250];

/// The slowest answer to the cancels of a round; nothing is answered but that.
pub(super) fn cancel(photo: &str) -> Result<impl FnMut() -> Result<Timed, Fault>, Fault> {
    let engine = Engine::builder().backend(Backend::Rten).build()?;
    let bytes = fs::read(photo)?;
    let settings = RemoveBackground { edges: Edges::Fine, ..RemoveBackground::default() };
    Ok(move || {
        let mut slowest = Duration::ZERO;
        for wait in CANCELS.map(Duration::from_millis) {
            let cancel = CancelToken::new();
            let engine = engine.clone().with_cancel(&cancel);
            let stopper = std::thread::spawn(move || {
                std::thread::sleep(wait);
                let moment = Instant::now();
                cancel.cancel();
                moment
            });
            let result = engine.remove_background(bytes.clone(), &settings);
            let answered = Instant::now();
            let cancelled = stopper.join().map_err(|_| "the thread that cancels died")?;
            match result {
                Err(error) if error.code() == Code::Cancelled => slowest = slowest.max(answered - cancelled),
                Err(error) => return Err(error.into()),
                Ok(_) => return Err(format!("the work was done before {wait:?}").into()),
            }
        }
        Ok((Vec::new(), slowest))
    })
}
