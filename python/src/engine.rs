//! The engine.

use std::path::PathBuf;

use packshot::api;
use packshot::{Backend, BackendReport, EngineBuilder, RemoveBackground, from_json};
use pyo3::prelude::*;

use crate::call::{Call, Watch, long, short};
use crate::cutout::Cutout;
use crate::input::{Input, Inputs, pictures};
use crate::models::Models;

/// `name`, `version`, `library` and `reason` of a backend.
pub(crate) type Report = (&'static str, Option<String>, Option<PathBuf>, String);

pub(crate) fn report(backend: BackendReport) -> Report {
    let BackendReport { name, version, library, reason, .. } = backend;
    (name, version, library, reason)
}

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
        let cutout = call.wait(py, move |run| {
            let settings = RemoveBackground::read(&options, &self::pictures(pictures)?)?;
            engine.with_run(run).remove_background(photo.into_source(), &settings)
        });
        cutout.map(Cutout::from)
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
