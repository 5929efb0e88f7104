//! From a photo to a file: options, size, conversion to what the format supports, and the budget of bytes.

mod budget;
mod frame;
mod options;
mod write;

pub(crate) use frame::check_sides;
pub use options::EncodeOptions;
pub(super) use write::encode;
