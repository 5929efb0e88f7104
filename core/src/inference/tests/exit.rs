//! A process may end at any moment, whatever ONNX Runtime is doing: each case ends a few child processes in the middle of
//! it, at another moment each time, and looks at how they ended.
#![allow(unsafe_code, reason = "a host that takes its time at exit has no safe interface")]

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::process::child;
use super::*;
use crate::models::{Registry, embedded};
use crate::run::{Run, Task};

/// Children for each case; `PACKSHOT_TEST_EXITS` makes them more.
fn exits() -> u64 {
    std::env::var("PACKSHOT_TEST_EXITS").ok().and_then(|count| count.parse().ok()).unwrap_or(4)
}

/// Ends children that run `body`, and demands that each ends with `code`.
fn end_with(code: i32, body: &str) {
    let Some(library) = given("PACKSHOT_TEST_ORT") else { return };
    for exit in 0..exits() {
        let mut command = child(&[], body);
        command.env("PACKSHOT_TEST_ORT", &library).env("ORT_DISABLE_TELEMETRY", "1");
        command.env("PACKSHOT_TEST_WAIT", (exit * 7 % 60).to_string());
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("at work"), "{told}");
        assert_eq!(ended(output.status), Ok(code), "child {exit} of `{body}`: {told}");
    }
}

fn ended(status: ExitStatus) -> Result<i32, String> {
    status.code().ok_or_else(|| status.to_string())
}

/// Keeps the process alive for a while after ONNX Runtime's destructors: what was registered first is called last. Without
/// it, threads have a moment only to use what is gone.
fn linger() {
    extern "C" fn sleep() {
        std::thread::sleep(Duration::from_millis(300));
    }
    // SAFETY: the function has the right signature and does not unwind.
    assert_eq!(unsafe { libc::atexit(sleep) }, 0);
}

/// Waits until the work has begun, and for as long as the test says.
fn wait(begun: &std::sync::mpsc::Receiver<()>) {
    begun.recv().unwrap();
    println!("at work");
    let wait = std::env::var("PACKSHOT_TEST_WAIT").unwrap().parse().unwrap();
    std::thread::sleep(Duration::from_millis(wait));
}

/// Runs the embedded model until the process ends, on as many threads, each with a session or all with one.
fn keep_running(threads: usize, shared: bool) -> std::sync::mpsc::Receiver<()> {
    let runtime = onnxruntime().unwrap();
    let matte = embedded(Registry::EMBEDDED).unwrap().1;
    let (tell, told) = channel();
    let mut opened = Arc::new(open(&runtime, matte));
    for _ in 0..threads {
        if !shared {
            opened = Arc::new(open(&runtime, matte));
        }
        let (opened, tell) = (Arc::clone(&opened), tell.clone());
        std::mem::forget(Task::spawn(&Run::default(), move |run| -> crate::error::Result<()> {
            let size = picture_size();
            loop {
                tell.send(()).ok();
                opened.run((None, None), noise(&size), run.cancel())?;
            }
        }));
    }
    told
}

fn picture_size() -> [usize; 4] {
    let registry = Registry::builtin().unwrap();
    let crate::models::Descriptor::RemoveBackground(matte) = &registry.get(Registry::EMBEDDED).unwrap().descriptor
    else {
        panic!("another task")
    };
    let (width, height) = crate::tools::tensor::input_size(matte.input.size, 4, 3);
    [1, 3, height as usize, width as usize]
}

#[test]
fn the_end_of_main_waits_for_a_run() {
    end_with(0, "exit::running");
}

#[test]
#[ignore = "body of a child process"]
fn running() {
    linger();
    wait(&keep_running(1, true));
}

#[test]
fn exit_on_another_thread_waits_for_several() {
    end_with(7, "exit::several");
}

#[test]
#[ignore = "body of a child process"]
fn several() {
    linger();
    let begun = keep_running(3, false);
    wait(&begun);
    let exit = || std::process::exit(7);
    let _: std::thread::Result<()> = std::thread::spawn(exit).join();
}

#[test]
fn threads_that_wait_for_one_session_hold_nothing_up() {
    let begin = std::time::Instant::now();
    end_with(0, "exit::queued");
    assert!(begin.elapsed() < Duration::from_secs(10 * exits()), "an exit waited for its whole patience");
}

#[test]
#[ignore = "body of a child process"]
fn queued() {
    linger();
    wait(&keep_running(4, true));
}

#[test]
fn a_model_may_be_loading() {
    end_with(0, "exit::loading");
}

#[test]
#[ignore = "body of a child process"]
fn loading() {
    linger();
    let runtime = onnxruntime().unwrap();
    let matte = embedded(Registry::EMBEDDED).unwrap().1;
    let (tell, told) = channel();
    std::thread::spawn(move || {
        loop {
            drop(open(&runtime, matte));
            tell.send(()).ok();
        }
    });
    wait(&told);
}
