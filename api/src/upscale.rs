use serde::{Deserialize, Serialize};

use crate::{Model, Size};

/// Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Upscale {
    /// The model that adds the detail; by default Packshot's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// The factor of both sides, 1 to 8; need not be whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1.0, max = 8.0)))]
    pub scale: Option<f64>,
    /// The size to reach, such as `2000` for the longer side; the aspect is kept. A photo that is as large already stays
    /// as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// How much noise and how many JPEG blocks to take away, 0 (none) to 1; in between, the weights of two trained nets
    /// are blended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.0, max = 1.0)))]
    pub denoise: Option<f64>,
    /// Side of the tiles that the model works on, in pixels of the photo: smaller takes less memory, larger less time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tile: Option<u32>,
}
