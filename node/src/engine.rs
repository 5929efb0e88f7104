//! The engine and its tools.

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::api::Step;
use packshot::{EngineBuilder, EngineOptions, Pictures, Run, Task, from_json};

use crate::call::Call;
use crate::failure::{Answer, answer, promise};
use crate::made::Made;
use crate::ran::Backend;
use crate::source::{Given, Lent};

/// An engine of the core.
#[napi]
pub struct Engine {
    pub(crate) inner: packshot::Engine,
}

#[napi(catch_unwind)]
pub fn make_engine(options: String) -> Answer<Engine> {
    answer(|| Ok(Engine { inner: EngineBuilder::read(&from_json::<EngineOptions>(&options)?)?.build()? }))
}

#[napi]
impl Engine {
    /// Any tool, as the step of a recipe that says its options, with as many pictures as `names`.
    #[napi(catch_unwind)]
    pub fn run<'env>(
        &self,
        env: &'env Env,
        photo: Given<'_>,
        names: Vec<String>,
        pictures: Vec<Given<'_>>,
        step: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Made>>> {
        let (photo, engine) = (Lent::from(photo), self.inner.clone().with_run(&call.run()));
        let pictures = pictures.into_iter().map(|picture| Lent::from(picture).into_source());
        let pictures = Pictures::of(names.into_iter().zip(pictures));
        let asked = from_json::<Step>(&step).and_then(|step| Ok((step, pictures?)));
        let start = |(step, pictures)| engine.start_step(photo.into_source(), step, pictures);
        promise(env, asked.map_or_else(Task::failed, start), Made::shown)
    }

    #[napi(catch_unwind)]
    pub fn probe<'env>(
        &self,
        env: &'env Env,
        backend: Option<String>,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Backend>>> {
        let engine = self.inner.clone();
        let work = move |_: &Run| {
            let backend = backend.map_or(Ok(engine.backend()), |word| from_json(&word))?;
            engine.probe(backend)
        };
        promise(env, Task::spawn(&call.run(), work), |_, report| Ok(report.into()))
    }
}
