//! What a cut-out gives back.

use packshot::{Channels, Instance, Rect, Trimap};
use pyo3::prelude::*;

use crate::call::short;
use crate::photo::Photo;
use crate::ran::{self, Ran};

/// `left`, `top`, `width`, `height`.
pub(crate) type Box = (u32, u32, u32, u32);

pub(crate) fn rect(rect: Rect) -> Box {
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

    #[getter]
    fn ran(&self) -> Ran {
        ran::ran(&self.0.ran)
    }
}

fn gray(py: Python<'_>, width: u32, height: u32, samples: &[u8]) -> PyResult<Photo> {
    let copy = || packshot::Photo::new(width, height, Channels::Gray, samples.to_vec());
    short(py, || py.detach(copy)).map(Photo)
}
