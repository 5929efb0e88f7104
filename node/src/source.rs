//! Photos as JavaScript gives them.

use napi::bindgen_prelude::{ClassInstance, Either3, Uint8Array};
use napi_derive::napi;
use packshot::Source;

use crate::photo::Photo;

/// A path, the bytes of a file, or a photo.
pub(crate) type Given<'js> = Either3<String, Uint8Array, ClassInstance<'js, Photo>>;

/// The same, apart from JavaScript. Bytes are still those of the caller, who is told to leave them alone meanwhile.
pub(crate) enum Lent {
    Path(String),
    Bytes(Uint8Array),
    Photo(packshot::Photo),
}

impl Lent {
    pub(crate) fn from(given: Given<'_>) -> napi::Result<Self> {
        Ok(match given {
            Either3::A(path) => Self::Path(path),
            Either3::B(bytes) => Self::Bytes(bytes),
            Either3::C(photo) => Self::Photo(photo.inner.get()?.clone()),
        })
    }

    /// Copies bytes: call it on the working thread.
    pub(crate) fn into_source(self) -> Source {
        match self {
            Self::Path(path) => Source::Path(path.into()),
            Self::Bytes(bytes) => Source::from(bytes.to_vec()),
            Self::Photo(photo) => Source::Photo(photo),
        }
    }
}

/// The same as an engine's, for photos that are read without one.
#[napi]
pub fn most_bytes() -> f64 {
    packshot::Limits::default().max_bytes as f64
}
