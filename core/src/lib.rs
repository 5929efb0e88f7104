//! Packshot, the SDK.
mod error;
mod file;
mod inference;
pub mod models;
mod photo;
mod run;

pub use error::{Code, Error, ErrorKind, Result};
pub use photo::{
    Channels, Chroma, ColorPolicy, DecodeOptions, Depth, EncodeOptions, ImageFormat, Limits, MetadataMode, Photo,
    PngCompression, Samples,
};
pub use run::{CancelGuard, CancelToken, Progress, Run, Stage, Task};
