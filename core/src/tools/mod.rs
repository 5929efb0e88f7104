//! The tools: one operation each, with typed settings.

pub(crate) mod remove_background;
