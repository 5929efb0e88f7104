//! The models of this machine.

use std::path::PathBuf;

use packshot::models::Store;
use pyo3::prelude::*;

use crate::call::{Call, Watch, long, short};

/// The store of an engine.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Models(pub(crate) Store);

#[pymethods]
impl Models {
    fn list(&self, py: Python<'_>) -> PyResult<Vec<(String, &'static str, u64)>> {
        let list = short(py, || Ok(self.0.list()))?;
        Ok(list.into_iter().map(|model| (model.id, model.state.as_str(), model.bytes)).collect())
    }

    fn pull(&self, py: Python<'_>, id: String, watch: Watch) -> PyResult<PathBuf> {
        let store = self.0.clone();
        Call::new(watch).wait(py, move |run| store.pull(&id, run))
    }

    fn path(&self, py: Python<'_>, id: &str) -> PyResult<PathBuf> {
        short(py, || self.0.path(id))
    }

    fn verify(&self, py: Python<'_>, id: String) -> PyResult<()> {
        let store = self.0.clone();
        long(py, move || store.verify(&id))
    }

    fn remove(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        short(py, || self.0.remove(id))
    }

    #[getter]
    fn folder(&self, py: Python<'_>) -> PyResult<PathBuf> {
        short(py, || self.0.folder())
    }
}
