//! What a cut-out gives back.

use packshot::{Channels, Instance, Ran, Rect, Trimap};
use pyo3::prelude::*;

use crate::call::short;
use crate::engine::{Report, report};
use crate::photo::Photo;

/// `left`, `top`, `width`, `height`.
type Box = (u32, u32, u32, u32);

fn rect(rect: Rect) -> Box {
    (rect.left, rect.top, rect.width, rect.height)
}

/// The pictures and facts of a cut-out.
#[pyclass(frozen, module = "packshot._packshot")]
pub(crate) struct Cutout(packshot::Cutout);

impl From<packshot::Cutout> for Cutout {
    fn from(cutout: packshot::Cutout) -> Self {
        Self(cutout)
    }
}

#[pymethods]
impl Cutout {
    #[getter]
    fn photo(&self) -> Photo {
        Photo(self.0.photo.clone())
    }

    fn matte(&self, py: Python<'_>) -> PyResult<Photo> {
        let matte = &self.0.matte;
        gray(py, matte.width(), matte.height(), matte.alpha())
    }

    fn trimap(&self, py: Python<'_>) -> PyResult<Option<Photo>> {
        let gray = |trimap: &Trimap| gray(py, trimap.width(), trimap.height(), trimap.samples());
        self.0.trimap.as_ref().map(gray).transpose()
    }

    #[getter]
    fn subject(&self) -> Option<Box> {
        self.0.subject.map(rect)
    }

    #[getter]
    fn frame(&self) -> Box {
        rect(self.0.frame)
    }

    #[getter]
    fn instances(&self) -> Vec<(Box, u64)> {
        self.0.instances.iter().map(|Instance { bounds, area, .. }| (rect(*bounds), *area)).collect()
    }

    #[getter]
    fn confidence(&self) -> f32 {
        self.0.confidence
    }

    #[getter]
    fn halo(&self) -> f32 {
        self.0.halo
    }

    /// The model, the backend, and the seconds that each stage took.
    #[getter]
    fn ran(&self) -> (Option<String>, Option<Report>, Vec<(&'static str, f64)>) {
        let Ran { model, backend, stages } = self.0.ran.clone();
        let stages = stages.into_iter().map(|(stage, time)| (stage.as_str(), time.as_secs_f64()));
        (model, backend.map(report), stages.collect())
    }
}

fn gray(py: Python<'_>, width: u32, height: u32, samples: &[u8]) -> PyResult<Photo> {
    let copy = || packshot::Photo::new(width, height, Channels::Gray, samples.to_vec());
    short(py, || py.detach(copy)).map(Photo)
}
