//! The folder, and what is given out of it.

use std::path::{Path, PathBuf};

use packshot::models::{ModelState, Store, StoreOptions};
use packshot::{Code, Run};

use super::place::{ID, Place, RANGES, data, sha256};
use super::server::{Server, send};

#[test]
fn offline_means_no_request() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let mut place = Place::new(&server.url);
    place.options.offline = true;
    place.assert_fails(Code::Offline);
    assert_eq!(place.store().ensure(ID, &Run::default()).unwrap_err().code(), Code::Offline);
    let mut child = place.child(&[("PACKSHOT_OFFLINE", "1"), ("PACKSHOT_TEST_CODE", "offline")]);
    assert!(child.wait().unwrap().success());
    assert!(server.requests().is_empty());
    place.put("net.onnx", &data());
    place.pull().unwrap();
}

/// Everything below `folder`, with its time of change.
fn snapshot(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let metadata = entry.metadata().unwrap();
        found.push((entry.path(), metadata.modified().unwrap()));
        if metadata.is_dir() {
            found.extend(snapshot(&entry.path()));
        }
    }
    found.sort();
    found
}

fn set_readonly(folder: &Path, readonly: bool) {
    let mut permissions = folder.metadata().unwrap().permissions();
    permissions.set_readonly(readonly);
    std::fs::set_permissions(folder, permissions).unwrap();
}

#[test]
fn a_read_only_cache_is_enough() {
    let place = Place::new("http://127.0.0.1:1/nobody");
    place.put("net.onnx", &data());
    set_readonly(&place.file(""), true);
    // Permissions do not bind a test that runs as root, so what was written counts as well.
    let before = snapshot(place.folder.path());
    let store = place.store();
    store
        .path(ID)
        .and_then(|_| store.ensure(ID, &Run::default()))
        .and_then(|_| store.pull(ID, &Run::default()))
        .unwrap();
    store.verify(ID).unwrap();
    assert_eq!(store.list()[0].state, ModelState::Present);
    assert_eq!(snapshot(place.folder.path()), before);
    set_readonly(&place.file(""), false);
}

#[test]
fn a_cache_that_cannot_be_written_says_so() {
    let place = Place::new("http://127.0.0.1:1/nobody");
    std::fs::write(place.folder.path().join("models"), b"a file where a folder should be").unwrap();
    place.assert_fails(Code::FileUnwritable);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_says_so() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::new(&server.url);
    place.put("x", b"");
    std::os::unix::fs::symlink("/dev/full", place.file("net.onnx.part")).unwrap();
    place.assert_fails(Code::DiskFull);
    assert!(place.file("net.onnx.part").symlink_metadata().is_err());
}

#[test]
fn damage_on_disk_is_found() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::with(&server.url, &format!("bytes = 300000\nsha256 = '{}'", sha256(&data())));
    let store = place.store();
    let mut bytes = data();
    bytes[123_456] ^= 1;
    place.put("net.onnx", &bytes);
    store.path(ID).unwrap();
    assert_eq!(store.verify(ID).unwrap_err().code(), Code::ModelCorrupt);

    place.put("net.onnx", &bytes[..1000]);
    assert_eq!(store.list()[0].state, ModelState::Damaged);
    assert_eq!(store.ensure(ID, &Run::default()).unwrap_err().code(), Code::ModelCorrupt);
    place.pull().unwrap();
    place.assert_whole();
}

#[test]
fn a_licence_is_a_reason_to_refuse() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let mut place = Place::new(&server.url);
    place.registry =
        place.registry.replace("'MIT'", "'CC-BY-NC-4.0'").replace("commercial = true", "commercial = false");
    let error = place.assert_fails(Code::ModelLicence);
    assert!(error.to_string().contains("CC-BY-NC-4.0"), "{error}");
    assert!(server.requests().is_empty());
    place.options.allow_noncommercial = true;
    place.pull().unwrap();
    place.options.allow_noncommercial = false;
    assert_eq!(place.store().path(ID).unwrap_err().code(), Code::ModelLicence);
    place.store().verify(ID).unwrap();
}

#[test]
fn no_hash_no_use() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::with(&server.url, "");
    place.assert_fails(Code::ModelUnverifiable);
    place.put("net.onnx", &data());
    let store = place.store();
    for result in [store.path(ID), store.ensure(ID, &Run::default()), store.pull(ID, &Run::default())] {
        assert_eq!(result.unwrap_err().code(), Code::ModelUnverifiable);
    }
    assert_eq!(store.verify(ID).unwrap_err().code(), Code::ModelUnverifiable);
    assert!(server.requests().is_empty());
}

#[test]
fn unknown_and_embedded_models() {
    let store = Store::new(Some("/nonexistent".into()), StoreOptions::default()).unwrap();
    for id in ["nope", "../u2net", ""] {
        assert_eq!(store.path(id).unwrap_err().code(), Code::ModelUnknown);
        assert_eq!(store.remove(id).unwrap_err().code(), Code::ModelUnknown);
    }
    assert_eq!(store.path("packshot-matte-2").unwrap_err().code(), Code::OptionInvalid);
    store.verify("packshot-matte-2").unwrap();
    assert!(!store.remove("packshot-matte-2").unwrap());
    assert_eq!(store.list()[0].state, ModelState::Embedded);
}

#[test]
fn an_absent_model_tells_what_its_download_takes() {
    let folder = tempfile::tempdir().unwrap();
    let list = Store::new(Some(folder.path().to_owned()), StoreOptions::default()).unwrap().list();
    let of = |id: &str| list.iter().find(|model| model.id == id).map(|model| (model.state, model.bytes)).unwrap();
    assert_eq!(of("u2netp"), (ModelState::Absent, 4_574_861));
    assert_eq!(of("birefnet-general"), (ModelState::Absent, 972_666_916));
    assert_eq!(of("realesrgan-x4plus"), (ModelState::Absent, 0), "not published as ONNX");
    let net = include_bytes!("../../../../models/weights/packshot-matte-2.onnx");
    assert_eq!(of("packshot-matte-2"), (ModelState::Embedded, net.len() as u64));
    assert!(list.iter().all(|model| model.bytes > 0 || model.state == ModelState::Absent));

    let place = Place::with("http://localhost/net", "md5 = '900150983cd24fb0d6963f7d28e17f72'\nbytes = 7");
    assert_eq!(place.store().list()[0].bytes, 7);
    place.put("net.onnx", b"abc");
    assert_eq!((place.store().list()[0].state, place.store().list()[0].bytes), (ModelState::Damaged, 3));
}
