//! The end of a process while ONNX Runtime is at work.
//!
//! At exit the C library runs the destructors of static objects, ONNX Runtime's too, while other threads go on: one that is
//! inside ONNX Runtime then uses what is gone, and the process ends with SIGSEGV or SIGABRT instead of its exit status. So
//! before those destructors a function of ours runs. It stops every run, waits until nobody is inside, and keeps there
//! whoever comes out or wants in: a thread that came back to its caller would do the same to others, such as an interpreter
//! that has been shut down.
//!
//! Every way out leads through here: the end of `main`, `exit` on any thread, the end of a Python, Node or Java program. One
//! that does not (`_exit`, a signal) runs no destructors. On Windows the system ends all other threads first.
#![allow(unsafe_code, reason = "asks the C library to call a function at exit")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ort::session::RunOptions;

use crate::sync::lock;

/// How long an exit waits at most: a run stops at its next operator, but nothing stops a model that is being loaded.
const PATIENCE: Duration = Duration::from_secs(10);

static STATE: Mutex<State> = Mutex::new(State { deadline: None, next: 0, inside: BTreeMap::new() });
static LEFT: Condvar = Condvar::new();
/// The process that asked for the call at exit.
static OWNER: AtomicU32 = AtomicU32::new(0);

struct State {
    /// Set when the process ends: until when it waits.
    deadline: Option<Instant>,
    next: u64,
    /// Threads inside ONNX Runtime, each with what stops its run.
    inside: BTreeMap<u64, Option<Arc<RunOptions>>>,
}

/// A thread inside ONNX Runtime, until this is dropped.
pub(super) struct Inside(u64);

impl Inside {
    /// To be called before ONNX Runtime is. Does not return while the process ends.
    pub(super) fn enter() -> Self {
        let mut state = lock(&STATE);
        if state.deadline.is_some() {
            stay(state);
        }
        state.next += 1;
        let id = state.next;
        state.inside.insert(id, None);
        Self(id)
    }

    /// The run that this thread is about to begin.
    pub(super) fn runs(&self, options: &Arc<RunOptions>) {
        let mut state = lock(&STATE);
        if state.deadline.is_some() {
            // It cannot be in the middle of anything yet.
            state.inside.remove(&self.0);
            LEFT.notify_all();
            stay(state);
        }
        state.inside.insert(self.0, Some(Arc::clone(options)));
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut state = lock(&STATE);
        let options = state.inside.remove(&self.0);
        if state.deadline.is_some() {
            LEFT.notify_all();
            // Releasing them would be one more call of ONNX Runtime.
            std::mem::forget(options);
            stay(state);
        }
    }
}

/// Whether the process ends: then nothing of ONNX Runtime is released any more.
pub(super) fn is_exiting() -> bool {
    lock(&STATE).deadline.is_some()
}

/// How often `leave` is registered while ONNX Runtime makes static objects, and how often in all: 32 bytes each.
const BETWEEN: Duration = Duration::from_millis(1);
const MOST: u32 = 4096;

/// Does `work`, which makes ONNX Runtime's static objects, and has [`leave`] called at exit before their destructors: the
/// last to register is the first to be called. They are made one by one (140 when the environment is, 145 more with the first
/// model), and an exit may come in the middle, so `leave` is registered again and again meanwhile. A second call of it finds
/// nothing to do. What is left is an exit in the very millisecond in which a static object was made.
pub(super) fn watching<T>(work: impl FnOnce() -> T) -> T {
    let (done, wait) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        register();
        let again = move || {
            while wait.recv_timeout(BETWEEN) == Err(RecvTimeoutError::Timeout) {
                register();
            }
            register();
        };
        // Without a thread there are still two registrations, before and after.
        let registering = std::thread::Builder::new().name("packshot".to_owned()).spawn_scoped(scope, again);
        let result = work();
        drop(done);
        if registering.is_err() {
            register();
        }
        result
    })
}

fn register() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    if COUNT.fetch_add(1, Ordering::SeqCst) >= MOST {
        COUNT.store(MOST, Ordering::SeqCst);
        return;
    }
    OWNER.store(std::process::id(), Ordering::SeqCst);
    // SAFETY: the function has the right signature, does not unwind, and is there as long as this library is: of one that is
    // unloaded the C library calls the functions before. A failure, for want of memory, changes nothing.
    #[cfg(unix)]
    let _ = unsafe { libc::atexit(leave) };
}

#[cfg_attr(not(unix), allow(dead_code, reason = "see the top"))]
extern "C" fn leave() {
    // Threads do not survive a fork: in a child, those that were inside never come out.
    if OWNER.load(Ordering::SeqCst) != std::process::id() {
        return;
    }
    let mut state = lock(&STATE);
    let deadline = *state.deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
    for options in state.inside.values().flatten() {
        // It can only fail for a null pointer, and nobody could be told here.
        let _ = options.terminate();
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let _ = LEFT.wait_timeout_while(state, left, |state| !state.inside.is_empty());
}

/// Keeps the calling thread until the process is gone.
fn stay(state: MutexGuard<'_, State>) -> ! {
    drop(state);
    loop {
        std::thread::park();
    }
}
