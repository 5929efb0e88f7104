//! The words of Packshot: what a tool, a file and a model can be asked for, as plain data.
//!
//! Recipes write them as TOML or JSON, Python and Node hand them over as JSON, Swift and Kotlin as records. Nothing here
//! knows pixels, files or the network, and no default stands here: a field that is absent leaves the choice to the crate
//! `packshot`, which reads these types and says what it does not understand.
//!
//! - **Tools**: [`RemoveBackground`], with [`Output`], [`Edges`] and [`Model`]; [`Upscale`].
//! - **Files**: [`Decode`] and [`Encode`], with [`ImageFormat`], [`Size`], [`Fit`], [`ColorPolicy`], [`ProfileMode`],
//!   [`Chroma`], [`PngCompression`] and [`MetadataMode`].
//! - **Recipes**: [`Recipe`], a list of [`Step`]s; a [`Template`] is the text of one, with its variables; [`Batch`] puts
//!   many photos through one.
//! - **Texts**: [`parse_bytes`] reads numbers of bytes; [`path_text`] writes paths that are not Unicode.

mod batch;
mod bytes;
mod document;
mod file;
mod model;
mod path;
mod recipe;
mod remove_background;
#[cfg(feature = "schema")]
mod schema;
mod size;
mod text;
mod upscale;
mod word;

pub use batch::{Batch, Existing};
pub use bytes::parse_bytes;
pub use file::{Chroma, ColorPolicy, Decode, Encode, Fit, ImageFormat, MetadataMode, PngCompression, ProfileMode};
pub use model::{Model, ModelFile};
pub use path::{path_bytes, path_of, path_text};
pub use recipe::{Estimate, Recipe, RecipeFault, Schema, Step, StepEstimate, Template};
pub use remove_background::{Edges, Output, RemoveBackground};
#[cfg(feature = "schema")]
pub use schema::recipe_schema;
pub use size::Size;
pub use upscale::Upscale;
pub use word::Unknown;

/// The JSON Schema (draft 2020-12) of the text of recipes, for editors and other programs.
pub const RECIPE_SCHEMA: &str = include_str!("../schema/packshot.recipe-1.json");
