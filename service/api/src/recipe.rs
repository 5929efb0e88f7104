use serde::{Deserialize, Serialize};

use crate::{Decode, Encode, RemoveBackground, Upscale};

/// A list of steps that makes one file of one photo: the same in a file, on the command line, in a batch and in a job of
/// the service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The version of this format.
    pub schema: Schema,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How photos are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decode: Option<Decode>,
    /// What is done, in this order. `export` stands last; without it the result is a PNG.
    pub steps: Vec<Step>,
}

/// A tool with its options: a table with one key, the tool's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Cuts the subject out.
    RemoveBackground(RemoveBackground),
    /// Makes the photo larger.
    Upscale(Upscale),
    /// Says what the file is like.
    Export(Encode),
}

impl Step {
    /// The tool's name, as recipes write it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RemoveBackground(_) => "remove_background",
            Self::Upscale(_) => "upscale",
            Self::Export(_) => "export",
        }
    }
}

/// The version of the format of recipes: `packshot.recipe/1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Schema;

impl Schema {
    /// What the file says.
    pub const NAME: &'static str = "packshot.recipe/1";
}

impl Serialize for Schema {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Self::NAME)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        match &*name {
            Self::NAME => Ok(Self),
            other => {
                let message = format!("`{other}` is not a format that this version reads; it reads `{}`", Self::NAME);
                Err(serde::de::Error::custom(message))
            }
        }
    }
}
