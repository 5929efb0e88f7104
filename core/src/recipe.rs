//! Recipes: a list of steps that makes one file of one photo.

mod document;
mod fault;
mod notes;
mod plan;
mod preset;
mod rendition;

pub use document::Recipe;
pub(crate) use plan::Plan;
pub use preset::Preset;
pub use rendition::Rendition;
