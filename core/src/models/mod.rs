//! Models: the known ones, and the files on this machine.
//!
//! - [`Registry`]: the known models: licence, files with their hashes, and descriptor of each
//! - [`Descriptor`]: how a model wants its input and gives its output
//! - [`Store`]: the folder that holds the models of this machine: list, pull, verify, remove, path

mod cache;
mod checksum;
mod choice;
mod descriptor;
#[cfg(feature = "download")]
mod download;
mod fault;
mod fingerprint;
mod lock;
#[cfg(feature = "download")]
mod part;
mod registry;
mod store;
mod weights;

pub use checksum::Checksum;
pub use choice::{DescriptorSource, ModelChoice};
pub use descriptor::{
    Activation, ColorOrder, Descriptor, Divisor, DivisorOf, Filter, InputSpec, Layout, MatteDescriptor, NetChannels,
    OutputSpec, Polarity, SizePolicy, Stretch, UpscaleDescriptor,
};
pub(crate) use fingerprint::Fingerprints;
pub use registry::{ModelEntry, ModelFile, ModelTask, Precision, Registry};
pub use store::{ModelState, ModelStatus, Store, StoreOptions};
pub(crate) use weights::{blend, embedded};
