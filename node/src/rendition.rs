//! What a recipe makes of a photo.

use std::path::Path;

use napi::bindgen_prelude::{Buffer, Env, PromiseRaw, Uint8Array};
use napi_derive::napi;
use packshot::{Run, StepReport, Task, write_atomically};

use crate::call::Call;
use crate::engine::Engine;
use crate::failure::{Answer, promise};
use crate::photo::Photo;
use crate::ran::{Note, Ran};
use crate::recipe::Recipe;
use crate::source::{Given, Lent};

/// `lib/rendition.ts` makes a `Rendition` of it.
#[napi(object, object_from_js = false)]
pub struct Rendition {
    pub photo: Photo,
    pub bytes: Buffer,
    pub format: &'static str,
    pub width: u32,
    pub height: u32,
    pub steps: Vec<Step>,
    pub notes: Vec<Note>,
}

#[napi(object, object_from_js = false)]
pub struct Step {
    pub step: &'static str,
    pub width: u32,
    pub height: u32,
    pub ran: Ran,
    pub milliseconds: f64,
}

impl Rendition {
    fn shown(env: &Env, rendition: packshot::Rendition) -> napi::Result<Self> {
        let packshot::Rendition { photo, bytes, format, width, height, steps, notes, .. } = rendition;
        let (photo, bytes) = (Photo::shown(env, photo)?, bytes.into());
        let notes = notes.into_iter().map(Note::from).collect();
        let steps = steps.into_iter().map(Step::from).collect();
        Ok(Self { photo, bytes, format: format.as_str(), width, height, steps, notes })
    }
}

impl From<StepReport> for Step {
    fn from(report: StepReport) -> Self {
        let StepReport { step, width, height, ran, time, .. } = report;
        Self { step, width, height, ran: ran.into(), milliseconds: time.as_secs_f64() * 1000.0 }
    }
}

#[napi]
impl Engine {
    #[napi(catch_unwind)]
    pub fn run_recipe<'env>(
        &self,
        env: &'env Env,
        photo: Given<'_>,
        recipe: &Recipe,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<Rendition>>> {
        let (photo, recipe) = (Lent::from(photo)?, recipe.inner.clone());
        let engine = self.inner.get()?.clone().with_run(&call.run());
        promise(env, engine.start_recipe(photo.into_source(), &recipe), Rendition::shown)
    }
}

/// Writes the file of a rendition.
#[napi(catch_unwind)]
pub fn save_file<'env>(
    env: &'env Env,
    path: String,
    bytes: Uint8Array,
    call: &Call,
) -> napi::Result<PromiseRaw<'env, Answer<()>>> {
    let work = move |_: &Run| write_atomically(Path::new(&path), &bytes);
    promise(env, Task::spawn(&call.run(), work), |_, ()| Ok(()))
}
