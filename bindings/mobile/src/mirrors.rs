//! The plain types of `packshot` as uniffi needs them: the definitions of `packshot-api`, handed over by its macros, and a
//! few that have no table. The compiler refuses a difference.

use std::path::PathBuf;

pub(crate) use packshot::api::*;
pub(crate) use packshot::{Channels, Depth};

// A string of these languages is Unicode. A path that is not is shown with `%E9` for each byte at fault, and cannot be given.
uniffi::custom_type!(PathBuf, String, {
    remote,
    try_lift: |text| Ok(PathBuf::from(text)),
    lower: |path| packshot::api::path_text(&path).into_owned(),
});

macro_rules! record {
    ([$($about:tt)*] $name:ident $({[$($doc:tt)*] $field:ident ($($type:tt)*) $none:tt})*) => {
        $(#[doc = $about])*
        #[uniffi::remote(Record)]
        pub struct $name { $($(#[doc = $doc])* #[uniffi(default = $none)] pub $field: $($type)*,)* }
    };
}

macro_rules! choice {
    ([$($about:tt)*] $name:ident $({[$($doc:tt)*] $variant:ident})*) => {
        $(#[doc = $about])*
        #[uniffi::remote(Enum)]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }
    };
}

packshot::api::definitions! { record choice }

/// A model, by name or by file.
#[uniffi::remote(Enum)]
pub enum Model {
    /// A registry model, by id.
    Id(String),
    /// Any ONNX file, with a description of its input and output.
    File(ModelFile),
}

/// An ONNX file. Either `like` or `descriptor` defines its input and output formats.
#[uniffi::remote(Record)]
pub struct ModelFile {
    /// Path of the file.
    pub file: String,
    /// The registry model whose input and output formats it shares.
    #[uniffi(default = None)]
    pub like: Option<String>,
    /// A descriptor of its input and output formats: the text of a TOML file.
    #[uniffi(default = None)]
    pub descriptor: Option<String>,
}

/// A size to reach, in pixels.
#[uniffi::remote(Enum)]
pub enum Size {
    /// Of the longer side.
    LongSide(u32),
    /// The width; the height follows.
    Width(u32),
    /// The height; the width follows.
    Height(u32),
    /// Both.
    Box(u32, u32),
}

/// A rectangle of whole pixels; `left` and `top` count from the photo's upper left corner, and are negative where a
/// frame reaches beyond it.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct Rect {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// One connected subject.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct Instance {
    /// The smallest rectangle around it.
    pub bounds: Rect,
    /// Number of pixels that are at least half subject.
    pub area: u64,
}

/// The channels of a pixel.
#[uniffi::remote(Enum)]
pub enum Channels {
    /// Gray.
    Gray,
    /// Gray and alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
}

/// Bits per sample.
#[uniffi::remote(Enum)]
pub enum Depth {
    /// 0 to 255.
    Eight,
    /// 0 to 65,535.
    Sixteen,
}
