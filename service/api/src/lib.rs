//! The words of Packshot: what a tool, a file and a model can be asked for, as plain data.
//!
//! Recipes write them as TOML or JSON, Python and Node hand them over as JSON, Swift and Kotlin as records. Nothing here
//! knows pixels, files or the network, and no default stands here: a field that is absent leaves the choice to the crate
//! `packshot`, which reads these types and says what it does not understand.
//!
//! - **Tools**: [`RemoveBackground`], with [`Output`], [`Edges`] and [`Model`].
//! - **Files**: [`Decode`] and [`Encode`], with [`ImageFormat`], [`ColorPolicy`], [`Chroma`], [`PngCompression`] and
//!   [`MetadataMode`].

mod file;
mod model;
mod remove_background;
mod text;
mod word;

pub use file::{Chroma, ColorPolicy, Decode, Encode, ImageFormat, MetadataMode, PngCompression};
pub use model::{Model, ModelFile};
pub use remove_background::{Edges, Output, RemoveBackground};
pub use word::Unknown;
