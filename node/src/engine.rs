//! The engine and its tools.

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::{Crop, EngineBuilder, EngineOptions, Pictures, Run, Task, Upscale, from_json};

use crate::call::Call;
use crate::cropped::Cropped;
use crate::cutout::{Backend, Cutout};
use crate::failure::{Answer, answer, promise};
use crate::source::{Given, Lent};
use crate::upscaled::Upscaled;

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
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "an object of options would have to be made on both sides")]
    pub fn remove_background<'env>(
        &self,
        env: &'env Env,
        photo: Given<'_>,
        mask: Option<Given<'_>>,
        trimap: Option<Given<'_>>,
        background: Option<Given<'_>>,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Cutout>>> {
        let (photo, engine) = (Lent::from(photo), self.inner.clone().with_run(&call.run()));
        let [mask, trimap, background] = [mask, trimap, background].map(|picture| picture.map(Lent::from));
        let [mask, trimap, background] = [mask, trimap, background].map(|picture| picture.map(Lent::into_source));
        let pictures = Pictures { mask, trimap, background };
        let start = |options| engine.start_remove_background_with(photo.into_source(), options, pictures);
        promise(env, from_json(&options).map_or_else(Task::failed, start), Cutout::shown)
    }

    #[napi(catch_unwind)]
    pub fn upscale<'env>(
        &self,
        env: &'env Env,
        photo: Given<'_>,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Upscaled>>> {
        let (photo, engine) = (Lent::from(photo), self.inner.clone().with_run(&call.run()));
        let settings = from_json(&options).and_then(|options| Upscale::read(&options));
        let start = |settings| engine.start_upscale(photo.into_source(), &settings);
        promise(env, settings.map_or_else(Task::failed, start), Upscaled::shown)
    }

    #[napi(catch_unwind)]
    pub fn crop<'env>(
        &self,
        env: &'env Env,
        photo: Given<'_>,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Cropped>>> {
        let (photo, engine) = (Lent::from(photo), self.inner.clone().with_run(&call.run()));
        let settings = from_json(&options).and_then(|options| Crop::read(&options));
        let start = |settings| engine.start_crop(photo.into_source(), &settings);
        promise(env, settings.map_or_else(Task::failed, start), Cropped::shown)
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
