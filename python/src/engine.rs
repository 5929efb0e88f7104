//! The engine.

use packshot::api;
use packshot::{Backend, BatchEvent, Code, Crop, EngineBuilder, Error, Result, Run, Upscale, from_json};
use pyo3::prelude::*;
use serde::Serialize;

use crate::call::{Call, Watch, long, short};
use crate::cutout::{Box, Cutout, rect};
use crate::input::{Input, Inputs, pictures};
use crate::models::Models;
use crate::photo::Photo;
use crate::ran::{self, Ran, Report, report};
use crate::recipe::{Recipe, Rendition};

/// A larger photo, the factor, and what ran.
type Enlarged = (Photo, f64, Ran);

/// A part of a photo, where it was, where the subject is, and what ran.
type Cropped = (Photo, Box, Option<Box>, Ran);

/// Owns models and sessions.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Engine(packshot::Engine);

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, options: &str) -> PyResult<Self> {
        short(py, || Ok(Self(EngineBuilder::read(&from_json(options)?)?.build()?)))
    }

    fn remove_background(
        &self,
        py: Python<'_>,
        photo: Input,
        pictures: Inputs,
        options: &str,
        watch: Watch,
    ) -> PyResult<Cutout> {
        let options: api::RemoveBackground = short(py, || from_json(options))?;
        let (engine, call) = (self.0.clone(), Call::new(watch));
        let start = |run: &Run| {
            engine.with_run(run).start_remove_background_with(photo.into_source(), options, self::pictures(pictures))
        };
        call.start(py, start).map(Cutout::from)
    }

    fn upscale(&self, py: Python<'_>, photo: Input, options: &str, watch: Watch) -> PyResult<Enlarged> {
        let settings = short(py, || Upscale::read(&from_json(options)?))?;
        let (engine, call) = (self.0.clone(), Call::new(watch));
        call.start(py, |run| engine.with_run(run).start_upscale(photo.into_source(), &settings))
            .map(|made| (Photo(made.photo), made.facts.scale, ran::ran(&made.ran)))
    }

    fn crop(&self, py: Python<'_>, photo: Input, options: &str, watch: Watch) -> PyResult<Cropped> {
        let settings = short(py, || Crop::read(&from_json(options)?))?;
        let (engine, call) = (self.0.clone(), Call::new(watch));
        call.start(py, |run| engine.with_run(run).start_crop(photo.into_source(), &settings)).map(|made| {
            let facts = made.facts;
            (Photo(made.photo), rect(facts.frame), facts.subject.map(rect), ran::ran(&made.ran))
        })
    }

    fn run_recipe(&self, py: Python<'_>, photo: Input, recipe: &Recipe, watch: Watch) -> PyResult<Rendition> {
        let (engine, recipe, call) = (self.0.clone(), recipe.0.clone(), Call::new(watch));
        call.start(py, |run| engine.with_run(run).start_recipe(photo.into_source(), &recipe)).map(Rendition)
    }

    /// The report as JSON; so are the events that the listener hears.
    fn batch(&self, py: Python<'_>, recipe: &Recipe, options: &str, watch: Watch) -> PyResult<String> {
        let batch: api::Batch = short(py, || from_json(options))?;
        let (call, listener) = Call::with_listener(watch);
        let tell = move |event: &BatchEvent| {
            if let Some(listener) = &listener {
                listener.tell(json(event).map(|event| (event,)));
            }
        };
        let report = call.start(py, |run| self.0.clone().with_run(run).start_batch(&recipe.0, &batch, tell))?;
        short(py, || json(&report))
    }

    fn probe(&self, py: Python<'_>, backend: &str) -> PyResult<Report> {
        let backend: Backend = short(py, || from_json(&format!("{backend:?}")))?;
        let engine = self.0.clone();
        long(py, move || engine.probe(backend)).map(report)
    }

    #[getter]
    fn models(&self) -> Models {
        Models(self.0.store().clone())
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|cause| Error::new(Code::Internal, "a fact cannot be written").because(cause))
}
