//! What arrives, and how it continues.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packshot::models::ModelState;
use packshot::{Code, Run, Stage};

use super::place::{ID, Place, RANGES, data, sha256};
use super::server::{Sending, Server, send};

#[test]
fn a_download_arrives_and_is_not_repeated() {
    let server = Server::start(|request, stream| send(stream, request, &data(), Sending::default()));
    let place = Place::new(&server.url);
    let store = place.store();
    assert_eq!(store.list()[0].state, ModelState::Absent);
    assert_eq!(store.path(ID).unwrap_err().code(), Code::ModelMissing);
    assert_eq!(store.verify(ID).unwrap_err().code(), Code::ModelMissing);
    assert_eq!(store.pull(ID, &Run::default()).unwrap(), place.file("net.onnx"));
    place.assert_whole();
    assert_eq!(store.ensure(ID, &Run::default()).unwrap(), store.path(ID).unwrap());
    assert_eq!((store.list()[0].state, store.list()[0].bytes), (ModelState::Present, 300_000));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].path, "/model.onnx");
    assert!(store.remove(ID).unwrap());
    assert!(!store.remove(ID).unwrap());
    assert_eq!(store.list()[0].state, ModelState::Absent);
}

#[test]
fn progress_rises_to_one() {
    let server = Server::start(|request, stream| {
        // The second answer starts again from the beginning.
        let how = if request.index == 0 { Sending { cut: Some(200_000), ..RANGES } } else { Sending::default() };
        send(stream, request, &data(), how)
    });
    let place = Place::new(&server.url);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let run = Run::default().reporting_to(move |progress| {
        assert_eq!(progress.stage, Stage::Download);
        log.lock().unwrap().push(progress.fraction);
    });
    place.store().pull(ID, &run).unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 3, "{seen:?}");
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(seen.last(), Some(&1.0));
}

#[test]
fn a_cut_connection_is_continued() {
    let server =
        Server::start(|request, stream| send(stream, request, &data(), Sending { cut: Some(70_000), ..RANGES }));
    let place = Place::new(&server.url);
    place.pull().unwrap();
    place.assert_whole();
    let requests = server.requests();
    // More cuts than tries in a row: each brought something new.
    assert_eq!(
        requests.iter().map(|request| request.offset.unwrap_or(0)).collect::<Vec<_>>(),
        [0, 70_000, 140_000, 210_000, 280_000]
    );
    assert!(requests[1..].iter().all(|request| request.if_range.as_deref() == Some("\"v1\"")));
}

#[test]
fn a_server_without_ranges_starts_again() {
    let server = Server::start(|request, stream| {
        let cut = if request.index < 2 { Some(100_000) } else { None };
        send(stream, request, &data(), Sending { cut, ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_server_that_always_cuts_gives_up_and_keeps_the_part() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { cut: Some(100_000), ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.assert_fails(Code::NetworkFailed);
    assert_eq!(server.requests().len(), 4);
    assert_eq!(place.part_len(), Some(100_000));
}

#[test]
fn a_file_that_changes_in_between_is_fetched_afresh() {
    let server = Server::start(|request, stream| {
        let old = vec![7; 300_000];
        match request.index {
            0 => send(stream, request, &old, Sending { etag: Some("\"v0\""), cut: Some(90_000), ..RANGES }),
            _ => send(stream, request, &data(), RANGES),
        }
    });
    let place = Place::new(&server.url);
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_part_of_another_version_is_fetched_afresh() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::new(&server.url);
    place.put("net.onnx.part", &[7; 1000]);
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests().iter().map(|request| request.offset).collect::<Vec<_>>(), [Some(1000), None]);
}

#[test]
fn a_part_that_is_too_long_is_fetched_afresh() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::new(&server.url);
    place.put("net.onnx.part", &[7; 300_001]);
    place.pull().unwrap();
    place.assert_whole();
}

#[test]
fn a_part_that_is_whole_needs_no_server() {
    let place = Place::new("http://127.0.0.1:1/nobody");
    place.put("net.onnx.part", &data());
    place.pull().unwrap();
    place.assert_whole();
}

#[test]
fn a_slow_server_is_no_stall() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { trickle: Some(Duration::from_millis(3)), ..RANGES })
    });
    let mut place = Place::new(&server.url);
    place.options.stall_timeout = Duration::from_millis(500);
    let begin = Instant::now();
    place.pull().unwrap();
    assert!(begin.elapsed() > place.options.stall_timeout);
    place.assert_whole();
}

#[test]
fn md5_is_checked_as_well() {
    let server = Server::start(|request, stream| send(stream, request, b"abc", RANGES));
    Place::with(&server.url, "md5 = '900150983cd24fb0d6963f7d28e17f72'").pull().unwrap();
    Place::with(&server.url, "md5 = '900150983cd24fb0d6963f7d28e17f73'").assert_fails(Code::DownloadCorrupt);
}

#[test]
fn a_model_of_two_files_needs_both() {
    let server = Server::start(|request, stream| match request.path.as_str() {
        "/model.onnx" => send(stream, request, &data(), RANGES),
        _ => send(stream, request, b"abc", RANGES),
    });
    let weights = server.url.replace("model.onnx", "weights");
    let facts = format!(
        "sha256 = '{}'\n[[model.files]]\nname = 'weights.bin'\nurl = '{weights}'\n\
         md5 = '900150983cd24fb0d6963f7d28e17f72'",
        sha256(&data())
    );
    let place = Place::with(&server.url, &facts);
    place.put("net.onnx", &data());
    assert_eq!(place.store().list()[0].state, ModelState::Absent);
    assert_eq!(place.pull().unwrap(), place.file("net.onnx"));
    place.assert_whole();
    assert_eq!(std::fs::read(place.file("weights.bin")).unwrap(), b"abc");
    assert_eq!(server.requests().len(), 1);
}
