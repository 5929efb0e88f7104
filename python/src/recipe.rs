//! Recipes, and what they make of a photo.

use std::collections::BTreeMap;
use std::path::PathBuf;

use packshot::Preset;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::call::{long, short};
use crate::encoded;
use crate::photo::Photo;
use crate::ran::{self, Note, Ran};

/// A list of steps that was checked.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Recipe(pub(crate) packshot::Recipe);

#[pymethods]
impl Recipe {
    #[staticmethod]
    fn preset(py: Python<'_>, name: &str) -> PyResult<Self> {
        short(py, || packshot::Recipe::preset(name)).map(Self)
    }

    /// Name, description and text of each.
    #[staticmethod]
    fn presets() -> Vec<(&'static str, String, &'static str)> {
        let facts = |Preset { name, description, text, .. }| (name, description, text);
        packshot::Recipe::presets().into_iter().map(facts).collect()
    }

    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        short(py, || py.detach(|| packshot::Recipe::open(path))).map(Self)
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str) -> PyResult<Self> {
        short(py, || packshot::Recipe::parse(text)).map(Self)
    }

    #[staticmethod]
    fn unpack(py: Python<'_>, packed: &str) -> PyResult<Self> {
        short(py, || packshot::Recipe::unpack(packed)).map(Self)
    }

    fn pack(&self, py: Python<'_>) -> PyResult<String> {
        short(py, || self.0.pack())
    }

    fn with_variables(&self, py: Python<'_>, values: BTreeMap<String, String>) -> PyResult<Self> {
        short(py, || self.0.with_all(values)).map(Self)
    }

    #[getter]
    fn variables(&self) -> BTreeMap<String, String> {
        self.0.variables()
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    #[getter]
    fn description(&self) -> Option<&str> {
        self.0.description()
    }

    #[getter]
    fn steps(&self) -> Vec<&'static str> {
        self.0.data().steps.iter().map(packshot::api::Step::name).collect()
    }

    #[getter]
    fn hash(&self) -> String {
        self.0.hash()
    }

    fn to_toml(&self) -> String {
        self.0.to_toml()
    }

    fn to_json(&self) -> String {
        self.0.to_json()
    }
}

/// A file made of a photo.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Rendition(pub(crate) packshot::Rendition);

#[pymethods]
impl Rendition {
    #[getter]
    fn photo(&self) -> Photo {
        Photo(self.0.photo.clone())
    }

    fn encoded<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        encoded::bytes(py, &self.0.bytes)
    }

    #[getter]
    fn format(&self) -> &'static str {
        self.0.format.as_str()
    }

    #[getter]
    fn width(&self) -> u32 {
        self.0.width
    }

    #[getter]
    fn height(&self) -> u32 {
        self.0.height
    }

    /// Name, width, height, what ran, and seconds of each.
    #[getter]
    fn steps(&self) -> Vec<(&'static str, u32, u32, Ran, f64)> {
        let facts = |step: &packshot::StepReport| {
            (step.step, step.width, step.height, ran::ran(&step.ran), step.time.as_secs_f64())
        };
        self.0.steps.iter().map(facts).collect()
    }

    #[getter]
    fn notes(&self) -> Vec<Note> {
        ran::notes(&self.0.notes)
    }

    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let rendition = self.0.clone();
        long(py, move || rendition.save(path))
    }
}
