//! Process exit while ONNX Runtime is running.
//!
//! At exit the C library runs the destructors of static objects, ONNX Runtime's included, while other threads continue:
//! a thread inside ONNX Runtime then uses destroyed objects, and the process ends with SIGSEGV or SIGABRT instead of
//! its exit status. So a function of ours runs before those destructors. It terminates every run, waits until no thread
//! is inside, and blocks threads that leave or enter: a thread that returned to its caller could crash there in the
//! same way, such as in an interpreter that has been shut down.
//!
//! Every normal exit passes through here: the end of `main`, `exit` on any thread, the end of a Python, Node or Java
//! program. Other exits (`_exit`, a signal) run no destructors. On Windows the system ends all other threads first.
#![allow(unsafe_code, reason = "asks the C library to call a function at exit")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ort::session::RunOptions;

use crate::sync::lock;

/// The longest wait at exit: a run stops at its next operator, but loading a model cannot be stopped.
const PATIENCE: Duration = Duration::from_secs(10);

static STATE: Mutex<State> = Mutex::new(State { deadline: None, next: 0, inside: BTreeMap::new() });
static LEFT: Condvar = Condvar::new();
/// The process that registered the exit function.
static OWNER: AtomicU32 = AtomicU32::new(0);

struct State {
    /// Set at exit: when the wait ends.
    deadline: Option<Instant>,
    next: u64,
    /// Threads inside ONNX Runtime, each with the options that can terminate its run.
    inside: BTreeMap<u64, Option<Arc<RunOptions>>>,
}

/// A thread inside ONNX Runtime, until this is dropped.
pub(super) struct Inside(u64);

impl Inside {
    /// Must be called before any call of ONNX Runtime. Does not return during exit.
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

    /// Registers the run that this thread is about to begin.
    pub(super) fn runs(&self, options: &Arc<RunOptions>) {
        let mut state = lock(&STATE);
        if state.deadline.is_some() {
            // It cannot be inside a run yet.
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
            // Releasing them would call ONNX Runtime once more.
            std::mem::forget(options);
            stay(state);
        }
    }
}

/// Whether the process is exiting: then no object of ONNX Runtime must be released any more.
pub(super) fn is_exiting() -> bool {
    lock(&STATE).deadline.is_some()
}

/// Interval of registering `leave` while ONNX Runtime creates static objects, and the maximum count: 32 bytes each.
const BETWEEN: Duration = Duration::from_millis(1);
const MOST: u32 = 4096;

/// Runs `work`, which creates ONNX Runtime's static objects, and makes sure that [`leave`] is called at exit before
/// their destructors: exit functions are called in reverse order of registration. The objects are created one by one
/// (140 with the environment, 145 more with the first model), and an exit may come in the middle, so `leave` is
/// registered repeatedly meanwhile. Its second call does nothing. The remaining risk is an exit within the millisecond
/// in which an object was created.
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
        // If no thread can be started, there are still two registrations, before and after.
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
    // SAFETY: the function has the right signature, does not unwind, and lives as long as this library: before
    // unloading a library, the C library calls its exit functions. A failure (out of memory) changes nothing.
    #[cfg(unix)]
    let _ = unsafe { libc::atexit(leave) };
}

#[cfg_attr(not(unix), allow(dead_code, reason = "see the top"))]
extern "C" fn leave() {
    // Threads do not survive a fork: in a child, those that were inside never leave.
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

/// Blocks the calling thread until the process has ended.
fn stay(state: MutexGuard<'_, State>) -> ! {
    drop(state);
    loop {
        std::thread::park();
    }
}
