use serde::{Deserialize, Serialize};

use super::{Layout, check_name, check_positive};
use crate::models::fault::KeyFault;

/// Nets have factors of 2, 3 and 4; for larger ones, one runs twice.
const SCALES: std::ops::RangeInclusive<u32> = 2..=8;

/// The deepest nets in use have a receptive field of some 350 pixels.
const MOST_HALO: u32 = 512;

/// Nets that begin by folding pixels into channels need 2 or 4; windows of transformers up to 64.
const MOST_MULTIPLE: u32 = 64;

/// The formats of a model of task `upscale`: `1 x C x H x W` to `1 x C x (scale H) x (scale W)`, or both with the
/// channels last, f32 or f16.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpscaleDescriptor {
    /// The factor of both sides, 2 to 8.
    pub scale: u32,
    /// Its receptive field around a pixel, in pixels of its input, at most 512: with this margin around each tile,
    /// tiles leave no seam. It is the sum of the radii of the convolutions, one for each of 3 x 3.
    pub halo: u32,
    /// The meaning of the C channels.
    #[serde(default)]
    pub channels: NetChannels,
    /// Order of the axes, on both sides.
    #[serde(default)]
    pub layout: Layout,
    /// Divides input samples, which are 0 to 255, and multiplies output samples.
    #[serde(default = "all_of_a_byte")]
    pub divide: f32,
    /// Height and width of the input must be multiples of this, at most 64.
    #[serde(default = "one")]
    pub multiple_of: u32,
    /// Name of the input tensor; the model's only input if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Name of the output tensor; the model's first output if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The model of the same architecture that removes all noise, while this one keeps it: an id of the registry, or
    /// for a model that is a file, the stem of another `.onnx` file beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denoise: Option<String>,
    /// The model of the same architecture that keeps the noise, while this one removes it; named like
    /// [`denoise`](Self::denoise), which excludes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
}

/// The channels of an upscaling net.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetChannels {
    /// Red, green, blue.
    #[default]
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// Luma of BT.601 over the full range; colour differences are scaled bicubically.
    Y,
}

impl UpscaleDescriptor {
    pub(super) fn check(&self) -> Result<(), KeyFault> {
        let name = |key: &'static str, name: &Option<String>| {
            check_name(name.as_deref()).map_err(|_| KeyFault::new(key, "must not be empty"))
        };
        name("input", &self.input)?;
        name("output", &self.output)?;
        name("denoise", &self.denoise)?;
        name("plain", &self.plain)?;
        if !SCALES.contains(&self.scale) {
            return Err(KeyFault::new("scale", "must be a whole number from 2 to 8"));
        }
        if self.halo > MOST_HALO {
            return Err(KeyFault::new("halo", format!("must be at most {MOST_HALO}")));
        }
        if !(1..=MOST_MULTIPLE).contains(&self.multiple_of) {
            return Err(KeyFault::new("multiple_of", format!("must be a number from 1 to {MOST_MULTIPLE}")));
        }
        if self.denoise.is_some() && self.plain.is_some() {
            return Err(KeyFault::new("plain", "must be absent where `denoise` is given"));
        }
        check_positive("divide", self.divide)
    }
}

fn all_of_a_byte() -> f32 {
    255.0
}

fn one() -> u32 {
    1
}
