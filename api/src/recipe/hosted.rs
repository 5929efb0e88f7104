//! Recipes from untrusted sources.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Recipe, Template};

/// A recipe that names no files of the machine that runs it, for jobs of a service.
///
/// It can only be created by [`Template::hosted`] and `Deserialize`, which refuse options that name files, so code that
/// takes this type need not check. It contains a [`Recipe`], to which it is converted for running.
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
