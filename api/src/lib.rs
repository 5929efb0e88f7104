//! The options of Packshot's tools, files and models, as plain data.
//!
//! Recipes contain them as TOML or JSON, Python and Node pass them as JSON, Swift and Kotlin as records. This crate
//! does not use pixels, files or the network. The crate `packshot` reads and validates these types, and chooses the
//! defaults of absent fields, which are documented here.
//!
//! Each option is defined once, with its documentation, range and default, and has a [`Table`] beside its type: the
//! JSON Schema, the records of Swift and Kotlin, the types of Python and Node, the flags of the command and the
//! reference are generated from it (decision 033).
//!
//! - **Tools**: [`RemoveBackground`], with [`Output`], [`Edges`] and [`Model`]; [`Upscale`]; [`Crop`], with
//!   [`Gravity`].
//! - **Files**: [`Decode`] and [`Encode`], with [`ImageFormat`], [`Size`], [`Fit`], [`ColorPolicy`], [`ProfileMode`],
//!   [`Chroma`], [`PngCompression`] and [`MetadataMode`].
//! - **Engines**: [`EngineOptions`], [`Backend`], [`Stage`], [`ErrorKind`], [`NoteCode`], [`ModelState`].
//! - **Recipes**: [`Recipe`], a list of [`Step`]s; a [`Template`] is the text of one, with its variables, and a
//!   [`HostedRecipe`] one from an untrusted source; [`Batch`] runs one on many photos, each with a [`BatchOutcome`].
//! - **Tables**: [`Options`], [`Table`], [`Field`], [`Kind`], [`Words`]: descriptions of the options above. [`TOOLS`]
//!   lists the tools; [`Facts`], [`Fact`] and [`FactKind`] describe what tools and batches report.
//! - **The service**: [`service`], what goes between it and its clients.
//! - **Texts**: [`Document`] parses TOML and JSON with lines; [`did_you_mean`] and [`choices`] help with a word that is
//!   unknown; [`parse_bytes`] parses numbers of bytes; [`path_text`]
//!   formats paths that are not Unicode, and [`time_text`] times.

mod aspect;
mod batch;
mod bytes;
mod crop;
mod document;
mod engine;
mod facts;
mod file;
mod margin;
mod model;
mod path;
mod recipe;
mod remove_background;
mod schema;
pub mod service;
mod size;
mod table;
mod text;
mod time;
mod upscale;
mod word;

pub use aspect::Aspect;
pub use batch::{BATCH_EVENT, BATCH_ITEM, BATCH_REPORT, Batch, BatchOutcome, Existing};
pub use bytes::parse_bytes;
pub use crop::{CROPPED, Crop, Gravity, largest_crop};
pub use document::{Document, DocumentFault, choices, did_you_mean};
pub use engine::{Backend, EngineOptions, ErrorKind, ModelState, NoteCode, Stage};
pub use facts::{Fact, FactKind, Facts, Tool};
pub use file::{Chroma, ColorPolicy, Decode, Encode, Fit, ImageFormat, MetadataMode, PngCompression, ProfileMode};
pub use margin::{Length, Margin, lengths};
pub use model::{Model, ModelFile};
pub use path::{path_bytes, path_of, path_text};
pub use recipe::{Estimate, HostedRecipe, Recipe, Schema, Step, StepEstimate, TOOLS, Template};
pub use remove_background::{CUTOUT, Edges, Output, RemoveBackground};
pub use schema::recipe_schema;
pub use size::Size;
pub use table::{Field, Kind, Options, Table, Value, Words, prose};
pub use time::time_text;
pub use upscale::{UPSCALED, Upscale};
pub use word::Unknown;

/// The JSON Schema (draft 2020-12) of the text of recipes, for editors and other programs.
pub const RECIPE_SCHEMA: &str = include_str!("../schema/packshot.recipe-1.json");

/// Passes every definition to a macro: options to the first one, words to the second.
#[doc(hidden)]
#[macro_export]
macro_rules! definitions {
    (@each $with:ident: $($name:ident)*) => { $($crate::$name! { $with })* };
    ($record:ident $choice:ident) => {
        $crate::definitions! { @each $record: batch crop decode encode engine_options remove_background upscale }
        $crate::definitions! { @each $choice: backend batch_outcome chroma color_policy edges error_kind existing }
        $crate::definitions! { @each $choice: fit gravity image_format metadata_mode model_state note_code output }
        $crate::definitions! { @each $choice: png_compression profile_mode stage }
    };
}
