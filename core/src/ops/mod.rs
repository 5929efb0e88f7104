//! Pixel operations, each a function over plain slices: no models, no files.

pub(crate) mod closed_form;
pub(crate) mod components;
pub(crate) mod compose;
pub(crate) mod foreground;
pub(crate) mod picture;
pub(crate) mod tensor;
