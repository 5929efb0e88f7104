//! Upscaling, through the public API.

mod known;
mod own;
mod real;
mod sessions;

use std::path::PathBuf;

use packshot::models::Descriptor;
use packshot::{Backend, DescriptorSource, Engine, ModelChoice, Photo, Samples, Target, Upscale};

fn engine() -> Engine {
    Engine::builder().backend(Backend::Rten).build().unwrap()
}

/// rten, and ONNX Runtime where the tests have one.
fn engines() -> Vec<Engine> {
    let mut engines = vec![engine()];
    if let Some(library) = crate::common::onnx_runtime() {
        engines.push(Engine::builder().backend(Backend::OnnxRuntime).ort_library(library).build().unwrap());
    }
    engines
}

/// A model file with a descriptor in TOML.
fn model(path: PathBuf, descriptor: &str) -> ModelChoice {
    let descriptor = Descriptor::from_toml(&format!("[upscale]\n{descriptor}")).unwrap();
    ModelChoice::File { path, descriptor: DescriptorSource::Given(Box::new(descriptor)) }
}

/// A model file that works like one of the registry.
fn like(path: PathBuf, id: &str) -> ModelChoice {
    ModelChoice::File { path, descriptor: DescriptorSource::Like(id.to_owned()) }
}

/// One of the small nets beside the tests; see `make_tiny_onnx.py`.
fn small(name: &str) -> PathBuf {
    crate::common::committed("core/tests/data").join(name)
}

fn by(scale: f64, model: ModelChoice) -> Upscale {
    Upscale { model, target: Target::Scale(scale), ..Upscale::default() }
}

/// All samples, 0 to 1.
fn values(photo: &Photo) -> Vec<f64> {
    match photo.samples() {
        Samples::U8(samples) => samples.iter().map(|&sample| f64::from(sample) / 255.0).collect(),
        Samples::U16(samples) => samples.iter().map(|&sample| f64::from(sample) / 65535.0).collect(),
    }
}

/// The largest difference between two photos of one shape, 0 to 1, and the share of samples that differ by more than
/// 1/255.
fn difference(a: &Photo, b: &Photo) -> (f64, f64) {
    assert_eq!((a.width(), a.height(), a.channels(), a.depth()), (b.width(), b.height(), b.channels(), b.depth()));
    let (a, b) = (values(a), values(b));
    let apart = a.iter().zip(&b).map(|(a, b)| (a - b).abs());
    let most = apart.clone().fold(0.0, f64::max);
    let seen = apart.filter(|apart| *apart > 1.001 / 255.0).count();
    (most, seen as f64 / a.len() as f64)
}

/// Peak signal-to-noise ratio of the samples, in decibels.
fn psnr(a: &Photo, b: &Photo) -> f64 {
    let (a, b) = (values(a), values(b));
    assert_eq!(a.len(), b.len());
    let error = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64;
    -10.0 * error.log10()
}

/// A photo of any shape with detail everywhere.
fn noise(width: u32, height: u32, channels: packshot::Channels) -> Photo {
    let mut state = 1_u32;
    let samples: Vec<u8> = (0..width * height * channels.count() as u32)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    Photo::new(width, height, channels, samples).unwrap()
}
