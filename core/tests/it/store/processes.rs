//! Cancelling, and several at once.

use std::time::{Duration, Instant};

use packshot::models::{Registry, Store, StoreOptions};
use packshot::{CancelToken, Code, Run};

use super::place::{ID, Place, RANGES, data};
use super::server::{Sending, Server, send};

/// What [`Place::child`] runs; nothing in an ordinary test run.
#[test]
fn pull_in_another_process() {
    let Some(registry) = std::env::var_os("PACKSHOT_TEST_REGISTRY") else { return };
    let registry = Registry::from_toml(&std::fs::read_to_string(registry).unwrap()).unwrap();
    let store = Store::new(None, StoreOptions::default()).unwrap().with_registry(registry);
    let result = store.pull(ID, &Run::default());
    match std::env::var("PACKSHOT_TEST_CODE") {
        Ok(code) => assert_eq!(result.unwrap_err().code().as_str(), code),
        Err(_) => store.verify(ID).and(result.map(|_| ())).unwrap(),
    }
}

fn wait_until(what: &str, reached: impl Fn() -> bool) {
    let begin = Instant::now();
    while !reached() {
        assert!(begin.elapsed() < Duration::from_secs(20), "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn cancelling_does_not_wait_for_the_server() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { cut: Some(50_000), ..RANGES })?;
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let place = Place::new(&server.url);
    let cancel = CancelToken::new();
    let run = Run::default().cancelled_by(&cancel);
    let store = place.store();
    let pull = std::thread::spawn(move || (store.pull(ID, &run), Instant::now()));
    wait_until("the download has begun", || place.part_len() == Some(50_000));
    let begin = Instant::now();
    cancel.cancel();
    let (result, end) = pull.join().unwrap();
    assert_eq!(result.unwrap_err().code(), Code::Cancelled);
    let took = end - begin;
    println!("cancelled in {took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(place.part_len(), Some(50_000));
}

#[test]
fn cancelling_does_not_wait_for_another_process() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::new(&server.url);
    place.put("net.onnx.lock", b"");
    let held = std::fs::File::open(place.file("net.onnx.lock")).unwrap();
    held.lock().unwrap();
    let cancel = CancelToken::new();
    let run = Run::default().cancelled_by(&cancel);
    let store = place.store();
    let pull = std::thread::spawn(move || store.pull(ID, &run));
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    cancel.cancel();
    assert_eq!(pull.join().unwrap().unwrap_err().code(), Code::Cancelled);
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert!(server.requests().is_empty());
}

#[test]
fn a_caller_may_drive_a_runtime_of_its_own() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let place = Place::new(&server.url);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { place.pull() }).unwrap();
    place.assert_whole();
}

#[test]
fn two_processes_download_once() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { trickle: Some(Duration::from_millis(2)), ..RANGES })
    });
    let place = Place::new(&server.url);
    let mut children = [place.child(&[]), place.child(&[])];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    place.assert_whole();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_killed_process_leaves_a_part_and_no_lock() {
    let server = Server::start(|request, stream| {
        let trickle = if request.index == 0 { Some(Duration::from_millis(10)) } else { None };
        send(stream, request, &data(), Sending { trickle, ..RANGES })
    });
    let place = Place::new(&server.url);
    let mut child = place.child(&[]);
    wait_until("some bytes are here", || place.part_len() > Some(20_000));
    let store = place.store();
    let waiting = std::thread::spawn(move || store.pull(ID, &Run::default()));
    std::thread::sleep(Duration::from_millis(120));
    assert_eq!(server.requests().len(), 1, "the second process did not wait");
    child.kill().unwrap();
    child.wait().unwrap();
    waiting.join().unwrap().unwrap();
    place.assert_whole();
    assert!(server.requests()[1].offset > Some(20_000));
}
