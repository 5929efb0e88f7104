//! Photos as arguments.

use std::path::PathBuf;

use bytes::Bytes;
use packshot::Source;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::photo::Photo;

/// A photo, the bytes of a file, or its path; `packshot/photo.py` makes one of these of everything else.
#[derive(FromPyObject)]
pub(crate) enum Input {
    Photo(Py<Photo>),
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

impl Input {
    pub(crate) fn into_source(self) -> Source {
        match self {
            Self::Photo(photo) => Source::Photo(photo.get().0.clone()),
            // Borrowed: they never change, and are there as long as this reference to them.
            Self::Bytes(bytes) => Source::Bytes(Bytes::from_owner(bytes)),
            Self::Path(path) => Source::Path(path),
        }
    }
}
