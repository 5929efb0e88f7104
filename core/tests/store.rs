//! The model store against a real server on this machine.
#![cfg(feature = "download")]

mod server;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use packshot::models::{ModelState, Registry, Store, StoreOptions};
use packshot::{CancelToken, Code, Result, Run, Stage};
use sha2::{Digest, Sha256};

use server::{Sending, Server, refuse, send};

const ID: &str = "net";
const RANGES: Sending = Sending { ranges: true, etag: Some("\"v1\""), cut: None, trickle: None, announce: None };

/// Bytes without a pattern that a misplaced range could hide in.
fn data() -> Vec<u8> {
    let mut state = 1_u32;
    (0..300_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

fn sha256(data: &[u8]) -> String {
    Sha256::digest(data).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// A registry with one model, at `url`; `facts` are further lines of its file.
fn registry(url: &str, facts: &str) -> String {
    format!(
        "[[model]]\nid = '{ID}'\ntask = 'remove_background'\ntitle = 'Net'\nlicence = 'MIT'\ncommercial = true\n\
         [[model.files]]\nname = 'net.onnx'\nurl = '{url}'\n{facts}\n\
         [model.input]\nsize = {{ fixed = [32, 32] }}\n"
    )
}

struct Place {
    folder: tempfile::TempDir,
    registry: String,
    options: StoreOptions,
}

impl Place {
    fn new(url: &str) -> Self {
        Self::with(url, &format!("sha256 = '{}'", sha256(&data())))
    }

    fn with(url: &str, facts: &str) -> Self {
        let options = StoreOptions {
            stall_timeout: Duration::from_secs(5),
            retry_pause: Duration::from_millis(10),
            ..StoreOptions::default()
        };
        Self { folder: tempfile::tempdir().unwrap(), registry: registry(url, facts), options }
    }

    fn store(&self) -> Store {
        let registry = Registry::from_toml(&self.registry).unwrap();
        Store::new(Some(self.folder.path().to_owned()), self.options).unwrap().with_registry(registry)
    }

    fn pull(&self) -> Result<PathBuf> {
        self.store().pull(ID, &Run::default())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("models").join(ID).join(name)
    }

    fn part_len(&self) -> Option<u64> {
        self.file("net.onnx.part").metadata().ok().map(|part| part.len())
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(self.file("")).unwrap();
        std::fs::write(self.file(name), bytes).unwrap();
    }

    #[track_caller]
    fn assert_whole(&self) {
        assert_eq!(std::fs::read(self.file("net.onnx")).unwrap(), data());
        assert_eq!(self.part_len(), None);
        self.store().verify(ID).unwrap();
    }

    #[track_caller]
    fn assert_fails(&self, code: Code) -> packshot::Error {
        let error = self.pull().unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!self.file("net.onnx").exists());
        error
    }

    /// This test program again, pulling into the same cache.
    fn child(&self, environment: &[(&str, &str)]) -> Child {
        let registry = self.folder.path().join("registry.toml");
        std::fs::write(&registry, &self.registry).unwrap();
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "pull_in_another_process", "--nocapture"])
            .env("PACKSHOT_CACHE", self.folder.path())
            .env("PACKSHOT_TEST_REGISTRY", registry)
            .envs(environment.iter().copied())
            .spawn()
            .unwrap()
    }
}

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
fn a_stall_ends_and_keeps_the_part() {
    let server = Server::start(|request, stream| {
        if request.index > 0 {
            return send(stream, request, &data(), RANGES);
        }
        send(stream, request, &data(), Sending { cut: Some(50_000), ..RANGES })?;
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let mut place = Place::new(&server.url);
    place.options.stall_timeout = Duration::from_millis(300);
    place.assert_fails(Code::NetworkStalled);
    assert_eq!(place.part_len(), Some(50_000));
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests()[1].offset, Some(50_000));
}

#[test]
fn a_server_that_never_answers_is_a_stall() {
    let server = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    });
    let mut place = Place::new(&server.url);
    place.options.stall_timeout = Duration::from_millis(200);
    place.assert_fails(Code::NetworkStalled);
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
fn a_length_that_is_too_long_is_a_cut() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(400_000), ..Sending::default() })
    });
    Place::new(&server.url).assert_fails(Code::NetworkFailed);
    let known = Place::with(&server.url, &format!("bytes = 300000\nsha256 = '{}'", sha256(&data())));
    let error = known.assert_fails(Code::DownloadCorrupt);
    assert!(error.to_string().contains("400000"), "{error}");
    assert_eq!(known.part_len(), None);
}

#[test]
fn a_length_that_is_too_short_is_not_the_file() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(200_000), ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(place.part_len(), None);
}

#[test]
fn a_body_without_end_is_stopped_at_the_known_size() {
    use std::io::Write as _;
    let server = Server::start(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        loop {
            stream.write_all(&[0; 10_000])?;
        }
    });
    let place = Place::with(&server.url, &format!("bytes = 300000\nsha256 = '{}'", sha256(&data())));
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(place.part_len(), None);
}

#[test]
fn a_file_beyond_the_cap_is_refused_before_it_is_fetched() {
    let server = Server::start(|request, stream| {
        send(stream, request, &data(), Sending { announce: Some(5 << 30), ..Sending::default() })
    });
    let place = Place::new(&server.url);
    place.assert_fails(Code::DownloadCorrupt);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn wrong_bytes_never_get_the_name() {
    let server = Server::start(|request, stream| send(stream, request, &[9; 300_000], RANGES));
    let place = Place::new(&server.url);
    let error = place.assert_fails(Code::DownloadCorrupt);
    assert!(error.to_string().contains(&sha256(&[9; 300_000])), "{error}");
    assert_eq!(place.part_len(), None);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn md5_is_checked_as_well() {
    let server = Server::start(|request, stream| send(stream, request, b"abc", RANGES));
    Place::with(&server.url, "md5 = '900150983cd24fb0d6963f7d28e17f72'").pull().unwrap();
    Place::with(&server.url, "md5 = '900150983cd24fb0d6963f7d28e17f73'").assert_fails(Code::DownloadCorrupt);
}

#[test]
fn not_found_is_not_tried_again() {
    let server = Server::start(|_, stream| refuse(stream, "404 Not Found", ""));
    let error = Place::new(&server.url).assert_fails(Code::NetworkFailed);
    assert!(error.to_string().contains("404") && error.to_string().contains(&server.url), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = Server::start(|request, stream| match request.index {
        0 => refuse(stream, "503 Service Unavailable", ""),
        1 => refuse(stream, "429 Too Many Requests", "Retry-After: 1\r\n"),
        _ => send(stream, request, &data(), RANGES),
    });
    let place = Place::new(&server.url);
    let begin = Instant::now();
    place.pull().unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(1), "the server asked for a second");
    place.assert_whole();
}

#[test]
fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let server = Server::start(|_, stream| refuse(stream, "503 Service Unavailable", "Retry-After: 3600\r\n"));
    let error = Place::new(&server.url).assert_fails(Code::NetworkFailed);
    assert!(error.to_string().contains("3600"), "{error}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn nobody_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Place::new(&format!("http://127.0.0.1:{port}/x")).assert_fails(Code::NetworkFailed);
}

#[test]
fn a_server_that_cannot_prove_its_name_is_not_believed() {
    let server = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    Place::new(&server.url.replace("http:", "https:")).assert_fails(Code::NetworkFailed);
}

#[test]
fn redirects_stay_encrypted() {
    let away = Server::start(|_, stream| refuse(stream, "302 Found", "Location: http://other.invalid/x\r\n"));
    let error = Place::new(&away.url).assert_fails(Code::NetworkFailed);
    assert!(format!("{error:?}").contains("not encrypted"), "{error:?}");
    assert_eq!(away.requests().len(), 1);

    let home = Server::start(|request, stream| send(stream, request, &data(), RANGES));
    let target = home.url.clone();
    let near = Server::start(move |_, stream| refuse(stream, "302 Found", &format!("Location: {target}\r\n")));
    let place = Place::new(&near.url);
    place.pull().unwrap();
    place.assert_whole();

    let circle = Server::start(|_, stream| refuse(stream, "302 Found", "Location: /again\r\n"));
    Place::new(&circle.url).assert_fails(Code::NetworkFailed);
    assert!(circle.requests().len() < 15);
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
    child.kill().unwrap();
    child.wait().unwrap();
    let part = place.part_len().unwrap();
    place.pull().unwrap();
    place.assert_whole();
    assert_eq!(server.requests()[1].offset, Some(part as usize));
}

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
    assert_eq!(store.path("packshot-matte-1").unwrap_err().code(), Code::OptionInvalid);
    store.verify("packshot-matte-1").unwrap();
    assert!(!store.remove("packshot-matte-1").unwrap());
    assert_eq!(store.list()[0].state, ModelState::Embedded);
}
