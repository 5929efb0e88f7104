//! Pixel operations, each a function over plain slices: no models, no files.

pub(crate) mod band;
pub(crate) mod bleed;
pub(crate) mod closed_form;
pub(crate) mod colors;
pub(crate) mod components;
pub(crate) mod compose;
pub(crate) mod diffuse;
pub(crate) mod foreground;
pub(crate) mod guided_filter;
pub(crate) mod inside;
pub(crate) mod mosaic;
pub(crate) mod pad;
pub(crate) mod picture;
pub(crate) mod raster;
pub(crate) mod reduce;
pub(crate) mod rim;
pub(crate) mod sample;
pub(crate) mod smooth;
pub(crate) mod spacing;
pub(crate) mod spread;
pub(crate) mod tiles;
pub(crate) mod window;
pub(crate) mod ycbcr;
