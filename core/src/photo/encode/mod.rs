//! From a photo to a file: options, size, what a format cannot hold and the way around it, and the budget of bytes.

mod budget;
mod frame;
mod options;
mod write;

pub(crate) use frame::check_sides;
pub use options::EncodeOptions;
pub(super) use write::encode;
