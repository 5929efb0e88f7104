use std::sync::Arc;

use ::bytes::Bytes as Shared;
use packshot::{Photo, Rendition, Samples};

/// Bytes on this side of the boundary: a file in memory, or the samples of a photo.
#[derive(uniffi::Object)]
pub struct Bytes(Held);

enum Held {
    File(Shared),
    Rendition(Arc<Rendition>),
    Samples(Photo),
}

#[uniffi::export]
impl Bytes {
    /// A copy of `bytes`.
    #[uniffi::constructor]
    pub fn new(bytes: &[u8]) -> Arc<Self> {
        Self::file(bytes.to_vec())
    }

    /// Where they start in memory. Valid as long as this object lives; nobody may write there.
    pub fn address(&self) -> u64 {
        let start = match &self.0 {
            Held::File(bytes) => bytes.as_ptr().expose_provenance(),
            Held::Rendition(rendition) => rendition.bytes.as_ptr().expose_provenance(),
            Held::Samples(photo) => match photo.samples() {
                Samples::U8(samples) => samples.as_ptr().expose_provenance(),
                Samples::U16(samples) => samples.as_ptr().expose_provenance(),
            },
        };
        start as u64
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        let count = match &self.0 {
            Held::File(bytes) => bytes.len(),
            Held::Rendition(rendition) => rendition.bytes.len(),
            Held::Samples(photo) => match photo.samples() {
                Samples::U8(samples) => samples.len(),
                Samples::U16(samples) => samples.len() * 2,
            },
        };
        count as u64
    }
}

impl Bytes {
    pub(crate) fn file(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self(Held::File(bytes.into())))
    }

    pub(crate) fn rendition(rendition: Arc<Rendition>) -> Arc<Self> {
        Arc::new(Self(Held::Rendition(rendition)))
    }

    pub(crate) fn samples(photo: Photo) -> Arc<Self> {
        Arc::new(Self(Held::Samples(photo)))
    }

    /// For a call of the core. A file that came from the host is not copied once more.
    pub(crate) fn shared(&self) -> Shared {
        match &self.0 {
            Held::File(bytes) => bytes.clone(),
            Held::Rendition(rendition) => rendition.bytes.clone().into(),
            Held::Samples(photo) => match photo.samples() {
                Samples::U8(samples) => samples.clone().into(),
                Samples::U16(samples) => samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect(),
            },
        }
    }
}
