//! Descriptors: a model's input and output formats, as data.
//!
//! The same tables are used in `models/registry.toml` and in your own descriptor files:
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
//! mirror = false                # also run on the mirrored photo, and average: twice the time, steadier answers
//! pad = false                   # also run on the photo padded to the model's shape, and average
//!
//! [output]
//! name = "1959"                 # optional: the model's first output
//! activation = "none"           # none | sigmoid
//! stretch = "min-max"           # none | min-max: the lowest value becomes 0 and the highest 1
//! scale = 1.0                   # alpha = value / scale
//! levels = [0.0, 1.0]           # alpha at or below the first becomes 0, at or above the second 1
//! polarity = "foreground"       # foreground | background: what a high value means
//! filter = "bicubic"            # how the matte is scaled up to the photo
//! ```
//!
//! An upscaling net has a single, shorter table:
//!
//! ```toml
//! [upscale]
//! scale = 4                     # factor of both sides
//! halo = 34                     # its receptive field around a pixel: the sum of the radii of its convolutions
//! channels = "rgb"              # rgb | bgr | y: BT.601 luma; colour is then scaled bicubically
//! layout = "nchw"               # nchw | nhwc
//! divide = 255                  # value = sample / divide, samples from 0 to 255, on the way in and back
//! multiple_of = 1               # both sides of the input must be multiples of this
//! input = "image"               # optional: the model's only input
//! output = "upscaled"           # optional: the model's first output
//! denoise = "its-strong-twin"   # optional: the model of the same architecture that removes all noise
//! plain = "its-weak-twin"       # or the one that keeps it; the twin of a file is STEM.onnx beside it
//! ```

mod upscale;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ModelTask;
use super::fault::{self, KeyFault};
use crate::error::{Code, Error, Result};

pub use upscale::{NetChannels, UpscaleDescriptor};

/// Longest side that an input may be scaled to: far above every known model, and far below what exhausts memory.
const SIDE_MAX: u32 = 4096;

/// The input and output formats of a model, by task.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(into = "Tables")]
pub enum Descriptor {
    /// Photo in, matte out.
    RemoveBackground(MatteDescriptor),
    /// Photo in, larger photo out.
    Upscale(UpscaleDescriptor),
}

/// The input and output formats of a model of task `remove_background`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatteDescriptor {
    /// How the photo becomes the input.
    pub input: InputSpec,
    /// How the output becomes the matte.
    pub output: OutputSpec,
}

/// A descriptor as written: `input` with or without `output` for a matte, or `upscale`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tables {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<InputSpec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output: Option<OutputSpec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) upscale: Option<UpscaleDescriptor>,
}

impl Tables {
    /// Checks what the types cannot.
    pub(super) fn check(self) -> Result<Descriptor, KeyFault> {
        match self {
            Self { input: Some(input), output, upscale: None } => {
                input.check().map_err(|fault| fault.under("input"))?;
                let output = output.unwrap_or_default();
                output.check().map_err(|fault| fault.under("output"))?;
                Ok(Descriptor::RemoveBackground(MatteDescriptor { input, output }))
            }
            Self { input: None, output: None, upscale: Some(upscale) } => {
                upscale.check().map_err(|fault| fault.under("upscale"))?;
                Ok(Descriptor::Upscale(upscale))
            }
            Self { upscale: Some(_), .. } => {
                Err(KeyFault::new("upscale", "describes another task than `input` and `output`: keep one of the two"))
            }
            Self { input: None, .. } => {
                Err(KeyFault::new("input", "is missing; an upscaling net has `upscale` instead"))
            }
        }
    }
}

impl From<Descriptor> for Tables {
    fn from(descriptor: Descriptor) -> Self {
        match descriptor {
            Descriptor::RemoveBackground(MatteDescriptor { input, output }) => {
                Self { input: Some(input), output: Some(output), upscale: None }
            }
            Descriptor::Upscale(upscale) => Self { upscale: Some(upscale), ..Self::default() },
        }
    }
}

impl Descriptor {
    /// The model that weights are blended with for denoising.
    pub(crate) fn twin(&self) -> Option<&str> {
        match self {
            Self::RemoveBackground(_) => None,
            Self::Upscale(upscale) => upscale.denoise.as_deref().or(upscale.plain.as_deref()),
        }
    }

    /// Parses a descriptor.
    ///
    /// # Errors
    /// [`Code::DescriptorInvalid`], with the line and the key.
    pub fn from_toml(document: &str) -> Result<Self> {
        let tables: Tables = fault::parse(document)?;
        tables.check().map_err(|fault| fault.in_document(document))
    }

    /// Reads the descriptor in the file at `path`.
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`], [`Code::DescriptorInvalid`].
    pub fn from_file(path: &Path) -> Result<Self> {
        let document = std::fs::read_to_string(path).map_err(|cause| {
            let code = match cause.kind() {
                std::io::ErrorKind::NotFound => Code::FileMissing,
                _ => Code::FileUnreadable,
            };
            Error::new(code, "cannot read the descriptor").at(path).because(cause)
        })?;
        Self::from_toml(&document).map_err(|error| error.at(path))
    }

    /// The task of a model with this descriptor.
    #[must_use]
    pub fn task(&self) -> ModelTask {
        match self {
            Self::RemoveBackground(_) => ModelTask::RemoveBackground,
            Self::Upscale(_) => ModelTask::Upscale,
        }
    }

    /// The same for another file: tensor names belong to a file, the arithmetic to a family of models.
    pub(crate) fn without_names(mut self) -> Self {
        match &mut self {
            Self::RemoveBackground(matte) => (matte.input.name, matte.output.name) = (None, None),
            Self::Upscale(upscale) => (upscale.input, upscale.output) = (None, None),
        }
        self
    }

    /// The names of the input and output tensors.
    pub(crate) fn ports(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::RemoveBackground(matte) => (matte.input.name.as_deref(), matte.output.name.as_deref()),
            Self::Upscale(upscale) => (upscale.input.as_deref(), upscale.output.as_deref()),
        }
    }
}

impl InputSpec {
    fn check(&self) -> Result<(), KeyFault> {
        check_name(self.name.as_deref())?;
        if let Divisor::Number(number) = self.divide {
            check_positive("divide", number)?;
        }
        if !self.mean.iter().all(|mean| mean.is_finite()) {
            return Err(KeyFault::new("mean", "must hold finite numbers"));
        }
        if !self.std.iter().all(|std| std.is_finite() && *std != 0.0) {
            return Err(KeyFault::new("std", "must hold finite numbers other than 0"));
        }
        let lengths: [u32; 2] = match self.size {
            SizePolicy::Fixed { fixed } => fixed,
            SizePolicy::ShortSide { short_side, multiple_of } => [short_side, multiple_of],
        };
        if !lengths.iter().all(|length| (1..=SIDE_MAX).contains(length)) {
            return Err(KeyFault::new("size", format!("must hold numbers from 1 to {SIDE_MAX}")));
        }
        Ok(())
    }
}

impl OutputSpec {
    fn check(&self) -> Result<(), KeyFault> {
        check_name(self.name.as_deref())?;
        let [low, high] = self.levels;
        if !(0.0..1.0).contains(&low) || high <= low || high > 1.0 {
            return Err(KeyFault::new("levels", "must hold two increasing numbers from 0 to 1"));
        }
        check_positive("scale", self.scale)
    }
}

fn check_name(name: Option<&str>) -> Result<(), KeyFault> {
    match name {
        Some("") => Err(KeyFault::new("name", "must not be empty; leave the key out for the first tensor")),
        _ => Ok(()),
    }
}

fn check_positive(key: &'static str, number: f32) -> Result<(), KeyFault> {
    match number.is_finite() && number > 0.0 {
        true => Ok(()),
        false => Err(KeyFault::new(key, "must be a finite number above 0")),
    }
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
    /// Runs the model a second time on the photo mirrored left to right, and averages the two answers: test-time
    /// augmentation. It costs a second run.
    #[serde(default)]
    pub mirror: bool,
    /// Also runs the model on the photo in its own shape, padded with its mean colour, and averages that answer with
    /// the one for the stretched photo. It costs a second run, but only if the shapes differ.
    #[serde(default)]
    pub pad: bool,
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
    /// Applied after the stretch: values at or below the first level become 0, at or above the second 1, linear in
    /// between. Removes the haze of a net that is rarely quite sure; `[0, 1]` changes nothing.
    pub levels: [f32; 2],
    /// What a high value means; applied last.
    pub polarity: Polarity,
    /// How the matte is scaled to the photo. Bicubic by default: Lanczos rings, which shows as a faint halo.
    pub filter: Filter,
}

impl Default for OutputSpec {
    fn default() -> Self {
        Self {
            name: None,
            activation: Activation::None,
            scale: 1.0,
            stretch: Stretch::None,
            levels: [0.0, 1.0],
            polarity: Polarity::Foreground,
            filter: Filter::Bicubic,
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
#[serde(untagged, expecting = "expected a number, or \"max\"")]
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
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "expected { fixed = [width, height] } or { short_side = length, multiple_of = step }"
)]
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

/// A resampling filter.
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

impl From<Filter> for packshot_resize::Filter {
    fn from(filter: Filter) -> Self {
        match filter {
            Filter::Bilinear => Self::Bilinear,
            Filter::Lanczos3 => Self::Lanczos3,
            Filter::Bicubic => Self::Bicubic,
            Filter::Area => Self::Area,
        }
    }
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
    /// Values are unchanged.
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
