//! Packshot: product photos that look right, made on the user's own device.
//!
//! - **Run**: an [`Engine`] owns models and backends and runs tools; create one and keep it.
//! - **Photos**: [`Photo`] decodes and encodes JPEG, PNG, WebP and TIFF, upright and in sRGB, within [`Limits`].
//! - **Cut out**: [`Engine::remove_background`] takes [`RemoveBackground`] settings and returns a [`Cutout`] with its
//!   [`Matte`].
//! - **Edges**: [`Edges`] recomputes alpha along the edge, in the unknown band of a [`Trimap`], together with the
//!   subject's own colours; [`CutoutFacts::halo`] measures how clean the rim is.
//! - **Upscale**: [`Engine::upscale`] makes a photo larger by any factor up to 8, with detail that a net adds; see
//!   [`Upscale`].
//! - **Crop**: [`Engine::crop`] keeps an area, an aspect, or the subject with a margin; see [`Crop`].
//! - **Recipes**: a [`Recipe`] is a list of steps that makes one file of a photo; [`Engine::run_recipe`].
//! - **Batches**: [`Engine::batch`] runs a recipe on many photos, and resumes where it was stopped.
//! - **Models**: [`models`] has the registry, the store on this machine, and descriptors for your own models.
//! - **Backends**: rten is compiled in; ONNX Runtime is used where it is installed. [`BackendReport`] tells which one
//!   ran and why.
//! - **Memory**: [`PageAllocator`] gives large buffers back to the system as soon as they are freed.
//! - **Stop and watch**: [`CancelToken`], [`Progress`]; every long call is a [`Task`] that blocks or is awaited.
//! - **Options as data**: [`api`] has the options of every tool as recipes and bindings write them.
//! - **Notes**: [`Ran::notes`] lists what was not done as asked, each with a stable [`NoteCode`].
//! - **Service**: `client` (feature `client`) calls the hosted service: accounts, organisations, keys, credits.
//! - **Errors**: one [`Error`] with a stable [`Code`], a message, and a remedy.
//!
//! ```no_run
//! use packshot::{Engine, RemoveBackground};
//!
//! let engine = Engine::new()?;
//! engine.remove_background("shoe.jpg", &RemoveBackground::default())?.photo.save("shoe.png")?;
//! # Ok::<(), packshot::Error>(())
//! ```

mod batch;
#[cfg(feature = "client")]
pub mod client;
mod color;
mod device;
mod digest;
mod engine;
mod error;
mod file;
mod geometry;
mod inference;
mod json;
pub mod models;
mod network;
mod note;
mod ops;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod pages;
mod photo;
mod recipe;
mod run;
mod sync;
#[cfg(test)]
mod test_data;
mod tools;

pub use batch::{BatchEvent, BatchFailure, BatchItem, BatchOutcome, BatchReport, BatchStep, looks_like_a_photo};
pub use color::Color;
pub use engine::{Engine, EngineBuilder};
pub use error::{Code, Error, ErrorKind, Result};
pub use file::write_atomically;
pub use geometry::{Area, Frame, Length, Margin, Rect};
pub use inference::{Backend, BackendReport, disable_ort_telemetry};
pub use json::from_json;
pub use models::{DescriptorSource, ModelChoice};
pub use note::{Note, NoteCode};
pub use ops::components::Instance;
pub use packshot_api as api;
pub use packshot_api::EngineOptions;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use pages::PageAllocator;
pub use photo::{
    Channels, Chroma, ColorPolicy, DecodeOptions, Depth, EncodeOptions, Fit, ImageFormat, Limits, Matte, MetadataMode,
    Photo, PngCompression, ProfileMode, Samples, Size, Source, Trimap,
};
pub use recipe::{Preset, Recipe, Rendition};
#[cfg(feature = "faults")]
pub use run::faults;
pub use run::{CancelGuard, CancelToken, Progress, Run, Stage, Task, guard};
/// Elsewhere the system's allocator gives large buffers back by itself.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub use std::alloc::System as PageAllocator;
pub use tools::crop::{Aspect, Crop, CropFacts, Cropped, Gravity};
pub use tools::remove_background::{Background, Cutout, CutoutFacts, Edges, Instances, Output, RemoveBackground};
pub use tools::upscale::{Target, Upscale, UpscaleFacts, Upscaled};
pub use tools::{AnyFacts, Pictures, Ran, StepReport, ToolResult};

/// The version of this library and of every package built from it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
