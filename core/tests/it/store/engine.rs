//! An engine, and the models of its store.

use std::fs;

use md5::{Digest, Md5};
use packshot::models::Registry;
use packshot::{Backend, Channels, Code, Engine, ModelChoice, Photo, RemoveBackground, Result};

use super::place::{ID, registry, sha256};

const TINY: &[u8] = include_bytes!("../../data/tiny.onnx");

/// The model is compared with its hash before it runs, and again when its file has changed; its size is right throughout.
#[test]
fn a_model_runs_only_with_its_published_hash() {
    let md5: String = Md5::digest(TINY).iter().map(|byte| format!("{byte:02x}")).collect();
    for hash in [format!("sha256 = '{}'", sha256(TINY)), format!("md5 = '{md5}'")] {
        let folder = tempfile::tempdir().unwrap();
        let document = registry("http://127.0.0.1:9/net.onnx", &hash).replace("[32, 32]", "[8, 8]");
        let engine = Engine::builder()
            .backend(Backend::Rten)
            .cache_dir(folder.path())
            .registry(Registry::from_toml(&document).unwrap())
            .build()
            .unwrap();
        let file = folder.path().join("models").join(ID).join("net.onnx");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let run = || -> Result<()> {
            let photo = Photo::new(8, 8, Channels::Rgb, vec![128_u8; 192])?;
            let model = ModelChoice::Id(ID.to_owned());
            engine.remove_background(photo, &RemoveBackground { model, ..RemoveBackground::default() }).map(drop)
        };
        let mut forged = TINY.to_vec();
        *forged.last_mut().unwrap() ^= 1;
        for _ in 0..2 {
            fs::write(&file, &forged).unwrap();
            let error = run().unwrap_err();
            assert_eq!(error.code(), Code::ModelCorrupt, "{error}");
            fs::write(&file, TINY).unwrap();
            run().unwrap();
        }
    }
}
