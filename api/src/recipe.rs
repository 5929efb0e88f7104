mod estimate;
mod files;
mod hosted;
mod template;
mod variables;
mod write;

pub use estimate::{Estimate, StepEstimate};
pub use hosted::HostedRecipe;
pub use template::Template;

use serde::{Deserialize, Serialize};

use crate::document::DocumentFault;
use crate::{CROPPED, CUTOUT, Crop, Decode, Encode, Options, RemoveBackground, Table, Tool, UPSCALED, Upscale};

/// A list of steps that makes one file from one photo: the same in a file, on the command line, in a batch and in a job
/// of a service.
///
/// A recipe as data has no variables: they belong to its text, which is a [`Template`]. `${x}` in a description, for
/// example, is plain text, and [`to_toml`](Self::to_toml) escapes it.
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
    /// What is done, in this order. `export` must be last; without it the result is a PNG.
    pub steps: Vec<Step>,
}

/// The table of tools, passed to a macro all at once. For each: what it does in a recipe; its step, which is the type of its
/// options, too; its method; its method with progress; the macro and the table of its facts; whether it needs options.
#[doc(hidden)]
#[macro_export]
macro_rules! tools {
    ($with:ident) => {
        $with! {
            { "Cuts the subject out." RemoveBackground remove_background removing_background cutout CUTOUT false }
            { "Makes the photo larger." Upscale upscale upscaling upscaled UPSCALED false }
            { "Keeps a part of the photo." Crop crop cropping cropped CROPPED true }
        }
    };
}

/// What makes the file.
const EXPORT: (&str, &str) = ("export", "Defines the output file.");

macro_rules! steps {
    ($({
        $about:literal $tool:ident $method:ident $watched:ident $record:ident $facts:ident $needs_options:literal
    })*) => {
        /// A tool with its options: a table with one key, the tool's name.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Step {
            $(#[doc = $about] $tool($tool),)*
            /// Defines the output file.
            Export(Encode),
        }

        impl Step {
            /// The names of all steps.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($method),)* EXPORT.0];

            /// All steps: the name, what it does, and its options.
            pub const ALL: &'static [(&'static str, &'static str, &'static Table)] =
                &[$((stringify!($method), $about, $tool::TABLE),)* (EXPORT.0, EXPORT.1, Encode::TABLE)];

            /// The step's name in recipes.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$tool(_) => stringify!($method),)*
                    Self::Export(_) => EXPORT.0,
                }
            }

            /// An upper bound of width and height after the step, in pixels, for a picture of width and height `from`.
            #[must_use]
            pub fn reach(&self, from: (u32, u32)) -> (u32, u32) {
                match self {
                    $(Self::$tool(options) => options.reach(from),)*
                    Self::Export(options) => options.reach(from),
                }
            }
        }

        /// The tools: steps that are also methods of an engine.
        pub const TOOLS: &[Tool] = &[$(Tool {
            name: stringify!($method),
            watched: stringify!($watched),
            options: $tool::TABLE,
            needs_options: $needs_options,
            facts: $facts,
        }),*];
    };
}

tools! { steps }

impl Recipe {
    /// Checks the order of the steps.
    ///
    /// # Errors
    /// There is no step; `export` is not last, or appears twice. The fault has no line.
    pub fn check(&self) -> Result<(), DocumentFault> {
        let fault = |key: String, message: &str| Err(DocumentFault { line: None, key, message: message.to_owned() });
        if self.steps.is_empty() {
            return fault("steps".to_owned(), "a recipe has at least one step");
        }
        let is_export = |step: &Step| matches!(step, Step::Export(_));
        let before_last = self.steps.iter().take(self.steps.len() - 1);
        match before_last.clone().position(is_export) {
            None => Ok(()),
            Some(place) if self.steps.last().is_some_and(is_export) => fault(
                format!("steps[{place}].export"),
                "`export` appears twice; a recipe makes one file, so keep one and put the other into a second recipe",
            ),
            Some(place) => fault(
                format!("steps[{place}].export"),
                "`export` writes the file and must be the last step; move it down",
            ),
        }
    }
}

/// The version of the recipe format: `packshot.recipe/1`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Schema;

impl Schema {
    /// Its name in files.
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
