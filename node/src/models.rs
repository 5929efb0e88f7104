//! The models of this machine.

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::{Run, Task};

use crate::call::Call;
use crate::engine::Engine;
use crate::failure::{Answer, answer, promise};

#[napi(object, object_from_js = false)]
pub struct ModelStatus {
    pub id: String,
    pub state: &'static str,
    pub bytes: f64,
}

#[napi]
impl Engine {
    #[napi(catch_unwind)]
    pub fn list_models(&self) -> napi::Result<Answer<Vec<ModelStatus>>> {
        let show = |status: packshot::models::ModelStatus| ModelStatus {
            id: status.id,
            state: status.state.as_str(),
            bytes: status.bytes as f64,
        };
        let store = self.inner.get()?.store();
        Ok(answer(|| Ok(store.list().into_iter().map(show).collect())))
    }

    #[napi(catch_unwind)]
    pub fn model_path(&self, id: String) -> napi::Result<Answer<String>> {
        let store = self.inner.get()?.store();
        Ok(answer(|| Ok(store.path(&id)?.display().to_string())))
    }

    #[napi(catch_unwind)]
    pub fn pull_model<'env>(
        &self,
        env: &'env Env,
        id: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<String>>> {
        let engine = self.inner.get()?.clone();
        let work = move |run: &Run| Ok(engine.store().pull(&id, run)?.display().to_string());
        promise(env, Task::spawn(&call.run(), work), |_, path| Ok(path))
    }

    #[napi(catch_unwind)]
    pub fn verify_model<'env>(
        &self,
        env: &'env Env,
        id: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<()>>> {
        let engine = self.inner.get()?.clone();
        promise(env, Task::spawn(&call.run(), move |_| engine.store().verify(&id)), |_, ()| Ok(()))
    }

    #[napi(catch_unwind)]
    pub fn remove_model<'env>(
        &self,
        env: &'env Env,
        id: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<bool>>> {
        let engine = self.inner.get()?.clone();
        promise(env, Task::spawn(&call.run(), move |_| engine.store().remove(&id)), |_, removed| Ok(removed))
    }
}
