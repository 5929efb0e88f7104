//! Packshot: product photos that look right, made on the user's own device.
//!
//! - **Run**: an [`Engine`] owns models and backends and runs tools; make one and keep it.
//! - **Photos**: [`Photo`] decodes and encodes JPEG, PNG, WebP and TIFF, upright and in sRGB, within [`Limits`].
//! - **Cut out**: [`Engine::remove_background`] takes [`RemoveBackground`] settings and gives a [`Cutout`] with its
//!   [`Matte`].
//! - **Edges**: [`Edges`] works alpha out anew along the edge, in the unknown band of a [`Trimap`]; the subject's own colours
//!   come with it, and [`Cutout::halo`] says how clean the rim is.
//! - **Models**: [`models`] has the registry, the store on this machine, and descriptors of models of your own.
//! - **Backends**: rten is compiled in; ONNX Runtime is used where it is installed. [`BackendReport`] says which one ran
//!   and why.
//! - **Stop and watch**: [`CancelToken`], [`Progress`]; every long call is a [`Task`] that blocks or is awaited.
//! - **Errors**: one [`Error`] with a stable [`Code`], a message, and a remedy.
//!
//! ```no_run
//! use packshot::{Engine, Photo, RemoveBackground};
//!
//! let engine = Engine::new()?;
//! let photo = Photo::open("shoe.jpg")?;
//! engine.remove_background(&photo, &RemoveBackground::default())?.photo.save("shoe.png")?;
//! # Ok::<(), packshot::Error>(())
//! ```

mod color;
mod engine;
mod error;
mod file;
mod geometry;
mod inference;
mod matte;
pub mod models;
mod ops;
mod photo;
mod run;
mod tools;
mod trimap;

pub use color::Color;
pub use engine::{Engine, EngineBuilder};
pub use error::{Code, Error, ErrorKind, Result};
pub use file::write_atomically;
pub use geometry::{Area, Length, Margin, Rect};
pub use inference::{Backend, BackendReport, disable_ort_telemetry};
pub use matte::Matte;
pub use ops::components::Instance;
pub use photo::{
    Channels, Chroma, ColorPolicy, DecodeOptions, Depth, EncodeOptions, ImageFormat, Limits, MetadataMode, Photo,
    PngCompression, Samples,
};
pub use run::{CancelGuard, CancelToken, Progress, Run, Stage, Task};
pub use tools::remove_background::{
    Background, Cutout, DescriptorSource, Edges, Instances, ModelChoice, Output, Ran, RemoveBackground,
};
pub use trimap::Trimap;
