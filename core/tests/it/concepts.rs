//! The concepts of the table in `bindings/README.md` that no other test of the core shows.

use std::path::Path;

use crate::common::{committed, shown};
use packshot::models::{ModelState, Registry};
use packshot::{Backend, Channels, Code, Edges, Engine, Photo, RemoveBackground, Run, Samples, Source, Upscale};

fn engine(cache: &Path) -> Engine {
    Engine::builder().backend(Backend::Rten).cache_dir(cache).build().unwrap()
}

fn mug() -> std::path::PathBuf {
    committed("bindings/cases/photos/mug.jpg")
}

#[test]
fn a_photo_from_anywhere_is_cut_out_the_same() {
    let engine = Engine::new().unwrap();
    let settings = RemoveBackground::default();
    let sources: [Source; 4] = [
        mug().into(),
        mug().to_str().unwrap().into(),
        std::fs::read(mug()).unwrap().into(),
        Photo::open(mug()).unwrap().into(),
    ];
    let pictures = sources.map(|source| engine.remove_background(source, &settings).unwrap().photo);
    assert!(pictures.iter().all(|picture| *picture == pictures[0]));
    shown(&["engine", "remove_background", "cutout.sources"]);
}

#[test]
fn a_photo_from_anywhere_gets_twice_as_large() {
    let cache = tempfile::tempdir().unwrap();
    let engine = engine(cache.path());
    let sources: [Source; 3] = [mug().into(), std::fs::read(mug()).unwrap().into(), Photo::open(mug()).unwrap().into()];
    let pictures = sources.map(|source| engine.upscale(source, &Upscale::default()).unwrap().photo);
    assert_eq!((pictures[0].width(), pictures[0].height()), (640, 544));
    assert!(pictures.iter().all(|picture| *picture == pictures[0]));
    shown(&["upscale"]);
}

#[test]
fn the_matte_is_the_alpha_of_the_cut_out() {
    let cache = tempfile::tempdir().unwrap();
    let cutout = engine(cache.path()).remove_background(mug(), &RemoveBackground::default()).unwrap();
    assert_eq!(Some(cutout.matte.alpha().to_vec()), cutout.photo.alpha8());
    let trimap = cutout.facts.trimap.unwrap().into_photo();
    assert_eq!((trimap.width(), trimap.height(), trimap.channels()), (320, 272, Channels::Gray));
    let off = RemoveBackground { edges: Edges::Off, ..RemoveBackground::default() };
    assert!(engine(cache.path()).remove_background(mug(), &off).unwrap().trimap.is_none());
    shown(&["cutout.matte"]);
}

#[test]
fn the_probe_says_what_runs_and_why() {
    let cache = tempfile::tempdir().unwrap();
    let report = engine(cache.path()).probe(Backend::Rten).unwrap();
    assert_eq!((report.name, report.reason.is_empty()), ("rten", false));
    shown(&["engine.probe"]);
}

#[test]
fn pixels_go_in_and_come_out() {
    for channels in [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba] {
        let count = 6 * channels.count();
        let bytes: Vec<u8> = (0..2 * count as u8).collect();
        let shallow = Samples::from_ne_bytes(&bytes[..count], packshot::Depth::Eight).unwrap();
        assert_eq!(Photo::new(3, 2, channels, shallow.clone()).unwrap().into_samples(), shallow);
        let deep = Samples::from_ne_bytes(&bytes, packshot::Depth::Sixteen).unwrap();
        assert_eq!(deep.len(), count);
        assert_eq!(*Photo::new(3, 2, channels, deep.clone()).unwrap().samples(), deep);
    }
    let odd = Samples::from_ne_bytes(&[1, 2, 3], packshot::Depth::Sixteen).unwrap_err();
    assert_eq!(odd.code(), Code::OptionInvalid);
    assert_eq!(Photo::new(3, 2, Channels::Rgb, vec![0_u8; 17]).unwrap_err().code(), Code::OptionInvalid);
    shown(&["photo.pixels_in", "photo.pixels_out"]);
}

#[test]
fn a_saved_photo_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let photo = Photo::open(mug()).unwrap();
    let path = folder.path().join("mug.png");
    photo.save(&path).unwrap();
    assert_eq!(Photo::open(&path).unwrap(), photo);
    assert_eq!(photo.save(folder.path().join("none/mug.png")).unwrap_err().code(), Code::FileUnwritable);
    assert_eq!(photo.save(folder.path().join("mug.bmp")).unwrap_err().code(), Code::PhotoFormat);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    shown(&["photo.save"]);
}

#[test]
fn a_model_is_listed_fetched_verified_and_removed() {
    let Some(server) = std::env::var_os("PACKSHOT_TEST_SERVER") else {
        eprintln!("skipped: PACKSHOT_TEST_SERVER is not set");
        return;
    };
    let registry = std::fs::read_to_string(committed("bindings/cases/tiny.toml")).unwrap();
    let registry = registry.replace("SERVER", server.to_str().unwrap());
    let cache = tempfile::tempdir().unwrap();
    let builder = Engine::builder().backend(Backend::Rten).cache_dir(cache.path());
    let engine = builder.registry(Registry::from_toml(&registry).unwrap()).build().unwrap();
    let store = engine.store();
    let state = || store.list().into_iter().find(|model| model.id == "tiny").unwrap().state;

    assert_eq!(state(), ModelState::Absent);
    assert_eq!(store.path("tiny").unwrap_err().code(), Code::ModelMissing);
    let path = store.pull("tiny", &Run::default()).unwrap();
    assert_eq!((state(), store.path("tiny").unwrap()), (ModelState::Present, path.clone()));
    store.verify("tiny").unwrap();
    std::fs::write(&path, vec![0; 371]).unwrap();
    assert_eq!(store.verify("tiny").unwrap_err().code(), Code::ModelCorrupt);
    assert!(store.remove("tiny").unwrap());
    assert!(!store.remove("tiny").unwrap());
    shown(&["models.list", "models.pull", "models.files"]);
}

#[test]
fn the_version_is_the_workspaces() {
    let manifest = std::fs::read_to_string(committed("Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("[workspace.package]\nversion = \"{}\"\n", packshot::VERSION)));
    shown(&["version"]);
}
