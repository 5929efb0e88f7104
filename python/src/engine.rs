//! The engine.

use std::collections::BTreeMap;

use packshot::api;
use packshot::{Backend, BatchEvent, Code, EngineBuilder, Error, Pictures, Result, from_json};
use pyo3::prelude::*;
use serde::Serialize;

use crate::call::{Call, Watch, long, short};
use crate::input::Input;
use crate::models::Models;
use crate::photo::Photo;
use crate::ran::{self, Ran, Report, report};
use crate::recipe::{Recipe, Rendition};

/// The photo that a tool made, its pictures, facts and what ran.
type Made = (Photo, BTreeMap<&'static str, Option<Photo>>, String, Ran);

/// Owns models and sessions.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Engine(packshot::Engine);

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, options: &str) -> PyResult<Self> {
        short(py, || Ok(Self(EngineBuilder::read(&from_json(options)?)?.build()?)))
    }

    /// Any tool, as the step of a recipe that says its options. Answers with the photo, the pictures besides it by their
    /// names, the other facts as JSON, and what ran.
    fn run(
        &self,
        py: Python<'_>,
        photo: Input,
        pictures: Vec<(String, Input)>,
        step: &str,
        watch: Watch,
    ) -> PyResult<Made> {
        let step: api::Step = short(py, || from_json(step))?;
        let pictures = pictures.into_iter().map(|(name, picture)| (name, picture.into_source()));
        let pictures = short(py, || Pictures::of(pictures))?;
        let (engine, call) = (self.0.clone(), Call::new(watch));
        let made = call.start(py, |run| engine.with_run(run).start_step(photo.into_source(), step, pictures))?;
        let facts = short(py, || json(&made.facts.data))?;
        let pictures = made.facts.pictures.into_iter().map(|(name, picture)| (name, picture.map(Photo)));
        Ok((Photo(made.photo), pictures.collect(), facts, ran::ran(&made.ran)))
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
