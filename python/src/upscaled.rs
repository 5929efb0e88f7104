//! What upscaling gives back.

use pyo3::prelude::*;

use crate::photo::Photo;
use crate::ran::{self, Ran};

/// The larger photo, and what was done.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Upscaled(pub(crate) packshot::Upscaled);

#[pymethods]
impl Upscaled {
    #[getter]
    fn photo(&self) -> Photo {
        Photo(self.0.photo.clone())
    }

    #[getter]
    fn scale(&self) -> f64 {
        self.0.scale
    }

    #[getter]
    fn ran(&self) -> Ran {
        ran::ran(&self.0.ran)
    }
}
