//! Recipes.

use std::collections::BTreeMap;

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::Task;

use crate::call::Call;
use crate::failure::{Answer, answer, promise};

/// A recipe of the core.
#[napi]
pub struct Recipe {
    pub(crate) inner: packshot::Recipe,
}

impl From<packshot::Recipe> for Recipe {
    fn from(inner: packshot::Recipe) -> Self {
        Self { inner }
    }
}

#[napi(object, object_from_js = false)]
pub struct Preset {
    pub name: &'static str,
    pub description: String,
    pub text: &'static str,
}

#[napi(catch_unwind)]
pub fn presets() -> Answer<Vec<Preset>> {
    let show = |packshot::Preset { name, description, text, .. }| Preset { name, description, text };
    answer(|| Ok(packshot::Recipe::presets().into_iter().map(show).collect()))
}

#[napi(catch_unwind)]
pub fn preset_recipe(name: String) -> Answer<Recipe> {
    answer(|| packshot::Recipe::preset(&name).map(Recipe::from))
}

#[napi(catch_unwind)]
pub fn parse_recipe(text: String) -> Answer<Recipe> {
    answer(|| packshot::Recipe::parse(&text).map(Recipe::from))
}

#[napi(catch_unwind)]
pub fn open_recipe<'env>(env: &'env Env, path: String, call: &Call) -> napi::Result<PromiseRaw<'env, Answer<Recipe>>> {
    let task = Task::spawn(&call.run(), move |_| packshot::Recipe::open(path));
    promise(env, task, |_, recipe| Ok(recipe.into()))
}

#[napi]
impl Recipe {
    #[napi(getter)]
    pub fn name(&self) -> Option<&str> {
        self.inner.name()
    }

    #[napi(getter)]
    pub fn description(&self) -> Option<&str> {
        self.inner.description()
    }

    #[napi(getter)]
    pub fn variables(&self) -> BTreeMap<String, String> {
        self.inner.variables()
    }

    #[napi(getter)]
    pub fn hash(&self) -> String {
        self.inner.hash()
    }

    #[napi(catch_unwind)]
    pub fn with(&self, values: BTreeMap<String, String>) -> Answer<Recipe> {
        answer(|| self.inner.with_all(values).map(Self::from))
    }

    #[napi(catch_unwind)]
    pub fn to_toml(&self) -> String {
        self.inner.to_toml()
    }

    #[napi(catch_unwind)]
    pub fn to_json(&self) -> String {
        self.inner.to_json()
    }
}
