//! Recipes that come from outside.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Recipe, Template};

/// A recipe that names no file of the machine that runs it: what a job of the service holds.
///
/// There is no other way to one than [`Template::hosted`] and `Deserialize`, which do not know the options that hold files,
/// so whoever takes this type need not look. It has what a [`Recipe`] has, and is one where it runs.
///
/// ```
/// use packshot_api::HostedRecipe;
///
/// let job = r#"{ "schema": "packshot.recipe/1", "steps": [{ "upscale": { "model": { "file": "/etc/net.onnx" } } }] }"#;
/// let error = serde_json::from_str::<HostedRecipe>(job).unwrap_err().to_string();
/// assert!(error.contains("`steps[0].upscale.model.file`"), "{error}");
/// ```
///
/// ```compile_fail
/// fn run(job: packshot_api::HostedRecipe) {}
/// run(packshot_api::Recipe::default());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct HostedRecipe(pub(super) Recipe);

impl HostedRecipe {
    /// The recipe, to be run.
    #[must_use]
    pub fn into_recipe(self) -> Recipe {
        self.0
    }
}

impl Deref for HostedRecipe {
    type Target = Recipe;

    fn deref(&self) -> &Recipe {
        &self.0
    }
}

impl<'de> Deserialize<'de> for HostedRecipe {
    /// From the tree of a recipe's text; variables have their defaults.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = serde_json::Value::deserialize(deserializer)?.to_string();
        Template::parse(&text).and_then(|template| template.hosted(&BTreeMap::new())).map_err(D::Error::custom)
    }
}
