//! The engine and its tools.

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::api::Step;
use packshot::{EngineBuilder, EngineOptions, Pictures, Run, Task, from_json};

use crate::call::Call;
use crate::failure::{Answer, answer, promise};
use crate::made::Made;
use crate::open::Open;
use crate::ran::Backend;
use crate::source::{Given, Lent};

/// An engine of the core.
#[napi]
pub struct Engine {
    pub(crate) inner: Open<packshot::Engine>,
}

#[napi(catch_unwind)]
pub fn make_engine(options: String) -> Answer<Engine> {
    answer(|| {
        let engine = EngineBuilder::read(&from_json::<EngineOptions>(&options)?)?.build()?;
        Ok(Engine { inner: Open::new(engine) })
    })
}

#[napi]
impl Engine {
    /// Lets go of its models. Calls in progress keep theirs until they are done.
    #[napi]
    pub fn close(&mut self) {
        drop(self.inner.close());
    }

    /// After how many bytes a stream need not be read on: the core refuses more.
    #[napi(getter)]
    pub fn most_bytes(&self) -> napi::Result<f64> {
        Ok(self.inner.get()?.limits().max_bytes as f64)
    }

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
        let (photo, engine) = (Lent::from(photo)?, self.inner.get()?.clone().with_run(&call.run()));
        let pictures = pictures.into_iter().map(|picture| Ok(Lent::from(picture)?.into_source()));
        let pictures = Pictures::of(names.into_iter().zip(pictures.collect::<napi::Result<Vec<_>>>()?));
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
        let engine = self.inner.get()?.clone();
        let work = move |_: &Run| {
            let backend = backend.map_or(Ok(engine.backend()), |word| from_json(&word))?;
            engine.probe(backend)
        };
        promise(env, Task::spawn(&call.run(), work), |_, report| Ok(report.into()))
    }
}
