use serde::{Deserialize, Serialize};

use crate::Model;
use crate::text;
use crate::word::words;

/// Cuts the subject out of a photo. A mask, a trimap and a picture behind the subject are pixels, and stand beside these
/// options where they are used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RemoveBackground {
    /// The model that finds the subject; by default Packshot's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// What the result shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// How alpha is worked out along the edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges: Option<Edges>,
    /// Takes the old background's colour out of half-transparent pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decontaminate: Option<bool>,
    /// Also cuts out the background that shows through rings, handles and frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_holes: Option<bool>,
    /// Makes the inside of the subject opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solidify: Option<bool>,
    /// The colour behind the subject, as CSS writes it, or `transparent`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::color")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::color"))]
    pub background: Option<String>,
    /// Crops to the subject and this margin: one, two or four lengths in CSS order, such as `5%` or `20px 40px`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::lengths")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::lengths"))]
    pub crop: Option<String>,
    /// Only this part of the photo is looked at: `left top right bottom`, such as `10% 0 90% 100%`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::lengths")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::lengths"))]
    pub region: Option<String>,
    /// A box around the wanted subject, written like `region`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::lengths")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::lengths"))]
    pub subject: Option<String>,
    /// Which of several separate subjects to keep: `all`, `largest`, or positions such as `0,2`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "text::lengths")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::lengths"))]
    pub instances: Option<String>,
}

words! {
    /// What the result of a cut-out shows.
    Output, "output", {
        /// The photo with alpha, or on a new background.
        Rgba = "rgba",
        /// The matte as a gray picture: 0 is background.
        Alpha = "alpha",
        /// The matte cut at one half: black or white.
        Mask = "mask",
        /// The subject's colours without alpha, black where alpha is 0: to be used together with [`Output::Alpha`].
        Foreground = "foreground",
        /// The photo without its subject: alpha is inverted.
        Background = "background",
        /// Where the matte was sure and where the edge was worked out, as a gray picture: 0, 128 or 255.
        Trimap = "trimap",
    }
}

words! {
    /// How alpha is worked out along the edge of a subject.
    Edges, "edge mode", {
        /// Not at all: the model's answer, scaled up.
        Off = "off",
        /// Alpha follows the photo's edges: a colour guided filter. It has nothing to add where the model sees the photo
        /// at nearly its own size.
        Fast = "fast",
        /// Hair, fur and glass: closed-form matting, several times slower.
        Fine = "fine",
    }
}
