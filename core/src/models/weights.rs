//! The bytes of models: those inside the library, and those that are mixed from two files.

mod blend;
mod half;
mod onnx;

pub(crate) use blend::blend;

/// The ONNX file of a model that is compiled into the library, by its id.
pub(crate) fn embedded(id: &str) -> Option<(&'static str, &'static [u8])> {
    EMBEDDED.iter().find(|(known, _)| *known == id).copied()
}

macro_rules! embed {
    ($($id:literal),+ $(,)?) => {
        &[$(($id, include_bytes!(concat!("../../../models/weights/", $id, ".onnx")))),+]
    };
}

const EMBEDDED: &[(&str, &[u8])] = embed!["packshot-matte-2",];
