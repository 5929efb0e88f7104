//! Batches.

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::{api, from_json};

use crate::call::Call;
use crate::engine::Engine;
use crate::failure::{Answer, json, promise};
use crate::recipe::Recipe;

#[napi]
impl Engine {
    /// The report as JSON; so are the events that the listener hears.
    #[napi(catch_unwind)]
    pub fn batch<'env>(
        &self,
        env: &'env Env,
        recipe: &Recipe,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<String>>> {
        let engine = self.inner.get()?.clone().with_cancel(call.run().cancel());
        // Not within a task of ours: that would end with the cancel, and a batch that watches has a report then.
        let task = from_json::<api::Batch>(&options)
            .map(|options| engine.start_batch(&recipe.inner, &options, call.listener()));
        promise(env, async move { task?.await }, |_, report| json(&report))
    }
}
