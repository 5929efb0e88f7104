//! The weights of models: embedded ones, and blends of two files.

mod blend;
mod onnx;

use std::sync::LazyLock;

use super::checksum::{Checksum, Hashing};

pub(crate) use blend::blend;
pub(crate) use onnx::external_files;

/// The ONNX file of a model that is compiled into the library, by its id.
pub(crate) fn embedded(id: &str) -> Option<(&'static str, &'static [u8])> {
    EMBEDDED.iter().find(|(known, _)| *known == id).copied()
}

/// SHA-256 of each of them.
pub(crate) fn embedded_hash(id: &str) -> Option<Checksum> {
    static HASHES: LazyLock<Vec<(&str, Checksum)>> = LazyLock::new(|| {
        let hash = |bytes| {
            let mut hashing = Hashing::like(Checksum::SHA256);
            hashing.update(bytes);
            hashing.checksum()
        };
        EMBEDDED.iter().map(|(id, bytes)| (*id, hash(bytes))).collect()
    });
    HASHES.iter().find(|(known, _)| *known == id).map(|(_, hash)| *hash)
}

macro_rules! embed {
    ($($id:literal),+ $(,)?) => {
        &[$(($id, include_bytes!(concat!("../../../models/weights/", $id, ".onnx")))),+]
    };
}

const EMBEDDED: &[(&str, &[u8])] = embed![
    "packshot-matte-2",
    "packshot-upscale-2x-1",
    "packshot-upscale-2x-denoise-1",
    "packshot-upscale-4x-1",
    "packshot-upscale-4x-denoise-1",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Registry;

    #[test]
    fn every_embedded_model_of_the_registry_is_there() {
        let registry = Registry::builtin().unwrap();
        let ids: Vec<_> = registry.iter().filter(|model| model.embedded).map(|model| model.id.as_str()).collect();
        assert_eq!(ids, EMBEDDED.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        assert!(ids.contains(&Registry::EMBEDDED) && Registry::EMBEDDED_UPSCALE.iter().all(|id| ids.contains(id)));
    }
}
