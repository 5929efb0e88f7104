//! The telemetry switch while other threads read the environment. A test file of its own is a process of its own.
#![cfg(any(target_os = "linux", target_os = "android"))]
#![allow(clippy::unwrap_used, unsafe_code, reason = "a test of an unsafe function, with the C library's own reader")]

mod common;

use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn c_getenv(name: &CStr) -> Option<String> {
    // SAFETY: `name` is a C string, and what comes back is one too, which nobody frees or changes here.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!value.is_null()).then(|| CStr::from_ptr(value).to_str().unwrap().to_owned())
    }
}

#[test]
fn threads_that_read_the_environment_are_not_disturbed() {
    let switch = CString::new("ORT_DISABLE_TELEMETRY").unwrap();
    // SAFETY: this is the only test in this process, and no thread that reads has been started. Cargo has set it.
    unsafe { std::env::remove_var("ORT_DISABLE_TELEMETRY") };
    assert_eq!(c_getenv(&switch), None);
    let path = std::env::var("PATH").unwrap();
    let (stop, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (stop, reads, path) = (Arc::clone(&stop), Arc::clone(&reads), path.clone());
            std::thread::spawn(move || {
                let [name, nothing] = ["PATH", "PACKSHOT_NO_SUCH_VARIABLE"].map(|name| CString::new(name).unwrap());
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(c_getenv(&name).as_deref(), Some(path.as_str()));
                    assert_eq!(c_getenv(&nothing), None);
                    reads.fetch_add(2, Ordering::Relaxed);
                }
            })
        })
        .collect();
    while reads.load(Ordering::Relaxed) < 10_000 {
        std::hint::spin_loop();
    }
    // SAFETY: this is the only test in this process, and its other threads only read.
    unsafe { packshot::disable_ort_telemetry() };
    let before = reads.load(Ordering::Relaxed);
    while reads.load(Ordering::Relaxed) < before + 10_000 {
        std::hint::spin_loop();
    }
    stop.store(true, Ordering::Relaxed);
    readers.into_iter().for_each(|reader| reader.join().unwrap());
    assert_eq!(c_getenv(&switch).as_deref(), Some("1"), "C code sees it");
    assert_eq!(std::env::var("ORT_DISABLE_TELEMETRY").as_deref(), Ok("1"), "Rust sees it");
    // SAFETY: no other thread runs any more.
    unsafe { std::env::set_var("PACKSHOT_AFTERWARDS", "2") };
    assert_eq!(c_getenv(&CString::new("PACKSHOT_AFTERWARDS").unwrap()).as_deref(), Some("2"), "setenv still works");
    assert_eq!(c_getenv(&CString::new("PATH").unwrap()), Some(path));
    common::shown(&["privacy"]);
}
