//! The models Packshot knows, and where they are on this machine.
//!
//! - [`Registry`]: the known models: licence, files with their hashes, and descriptor of each
//! - [`Descriptor`]: how a model wants its input and gives its output
//! - [`Store`]: the folder that holds the models of this machine: list, pull, verify, remove, path

mod address;
mod cache;
mod checksum;
mod descriptor;
#[cfg(feature = "download")]
mod download;
mod fault;
mod lock;
#[cfg(feature = "download")]
mod part;
mod registry;
mod store;

pub use checksum::Checksum;
pub use descriptor::{
    Activation, ColorOrder, Descriptor, Divisor, DivisorOf, Filter, InputSpec, Layout, OutputSpec, Polarity,
    SizePolicy, Stretch,
};
pub use registry::{ModelEntry, ModelFile, ModelTask, Precision, Registry};
pub use store::{ModelState, ModelStatus, Store, StoreOptions};

/// The weights of [`Registry::EMBEDDED`], an ONNX file.
pub(crate) const EMBEDDED_MATTE: &[u8] = include_bytes!("../../../models/weights/packshot-matte-2.onnx");
