//! How a model wants its input and gives its output, as data.
//!
//! The same tables stand in `models/registry.toml` and in a user's own descriptor file:
//!
//! ```toml
//! [input]
//! name = "input.1"              # optional: the model's only input
//! layout = "nchw"               # nchw | nhwc
//! color = "rgb"                 # rgb | bgr
//! divide = "max"                # value = (sample / divide - mean) / std; a number, or "max": the largest sample
//! mean = [0.485, 0.456, 0.406]
//! std = [0.229, 0.224, 0.225]
//! size = { fixed = [320, 320] } # width, height; or { short_side = 512, multiple_of = 32 }
//! filter = "lanczos3"           # lanczos3 | bilinear | area | bicubic
//!
//! [output]
//! name = "1959"                 # optional: the model's first output
//! activation = "none"           # none | sigmoid
//! stretch = "min-max"           # none | min-max: the lowest value becomes 0 and the highest 1
//! scale = 1.0                   # alpha = value / scale
//! polarity = "foreground"       # foreground | background: what a high value means
//! ```

use serde::{Deserialize, Serialize};

/// What a model of task `remove_background` takes and gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The photo, on its way in.
    pub input: InputSpec,
    /// The matte, on its way out.
    #[serde(default)]
    pub output: OutputSpec,
}

/// How a photo becomes the input tensor: `value = (sample / divide - mean) / std`, samples from 0 to 255.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Name of the tensor; the model's only input if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Order of the axes.
    #[serde(default)]
    pub layout: Layout,
    /// Order of the channels.
    #[serde(default)]
    pub color: ColorOrder,
    /// Divisor of the samples, applied first.
    #[serde(default)]
    pub divide: Divisor,
    /// Subtracted per channel (in the order of `color`), after the division.
    #[serde(default)]
    pub mean: [f32; 3],
    /// Divides each channel, last; none may be 0.
    #[serde(default = "ones")]
    pub std: [f32; 3],
    /// The size the photo is scaled to.
    pub size: SizePolicy,
    /// How it is scaled.
    #[serde(default)]
    pub filter: Filter,
}

/// How the output tensor becomes a matte from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSpec {
    /// Name of the tensor; the model's first output if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Applied first.
    pub activation: Activation,
    /// Divides the value after the activation; must be above 0.
    pub scale: f32,
    /// Applied after the scale.
    pub stretch: Stretch,
    /// What a high value means; applied last.
    pub polarity: Polarity,
}

impl Default for OutputSpec {
    fn default() -> Self {
        Self {
            name: None,
            activation: Activation::None,
            scale: 1.0,
            stretch: Stretch::None,
            polarity: Polarity::Foreground,
        }
    }
}

fn ones() -> [f32; 3] {
    [1.0; 3]
}

/// Order of a tensor's axes: batch N, channels C, height H, width W.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum Layout {
    #[default]
    Nchw,
    Nhwc,
}

/// Order of the colour channels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum ColorOrder {
    #[default]
    Rgb,
    Bgr,
}

/// What samples are divided by before normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Divisor {
    /// A fixed number, such as 255.
    Number(f32),
    /// A quantity of the scaled photo itself.
    Of(DivisorOf),
}

impl Default for Divisor {
    fn default() -> Self {
        Self::Number(255.0)
    }
}

/// A quantity of the scaled photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DivisorOf {
    /// Its largest sample, at least 1: what rembg does for the U-2-Net family.
    Max,
}

/// The size a photo is scaled to before it enters a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum SizePolicy {
    /// Exactly this width and height; the aspect ratio is not kept, which suits salient-object nets best.
    Fixed {
        /// Width and height in pixels.
        fixed: [u32; 2],
    },
    /// The shorter side gets this length, then both are rounded to a multiple.
    ShortSide {
        /// Length of the shorter side in pixels.
        short_side: u32,
        /// Both sides are rounded to the nearest multiple of this, at least one.
        multiple_of: u32,
    },
}

/// Resampling filter for the way into the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the field's own")]
pub enum Filter {
    #[default]
    Bilinear,
    Lanczos3,
    Bicubic,
    Area,
}

/// A function applied to the raw output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum Activation {
    #[default]
    None,
    Sigmoid,
}

/// A linear stretch of the output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stretch {
    /// Values stay as they are.
    #[default]
    None,
    /// The lowest value becomes 0 and the highest 1.
    MinMax,
}

/// What a high output value means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// The subject.
    #[default]
    Foreground,
    /// The background.
    Background,
}
