//! Calls of the core: long ones on a thread of their own, with the GIL released, Ctrl-C heard and the listener served;
//! short ones guarded against panics.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use packshot::{Code, Error, Progress, Result, Run, Task, guard};
use pyo3::call::PyCallArgs;
use pyo3::prelude::*;

use crate::error::{exception, raise};

/// How long the main thread waits before it looks for a signal.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(50);

/// Stops running operations from any thread.
#[pyclass(frozen, module = "packshot._packshot")]
#[derive(Default)]
pub(crate) struct CancelToken(packshot::CancelToken);

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled without it.
    fn child(&self) -> Self {
        Self(self.0.child())
    }

    fn cancel(&self) {
        self.0.cancel();
    }

    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// What a caller may give to a long call: a listener, and a token.
pub(crate) type Watch = (Option<Py<PyAny>>, Option<Py<CancelToken>>);

/// One long call: a token of its own, so that Ctrl-C and an exception in the listener stop this call and no other one
/// that the caller's token belongs to.
pub(crate) struct Call {
    run: Run,
    raised: Arc<Mutex<Option<PyErr>>>,
}

/// Whoever waits no longer, because of Ctrl-C, hears nothing more.
impl Drop for Call {
    fn drop(&mut self) {
        self.run.cancel().cancel();
    }
}

impl Call {
    /// A call whose listener hears `(stage, fraction)`.
    pub(crate) fn new(watch: Watch) -> Self {
        let (mut call, listener) = Self::with_listener(watch);
        if let Some(listener) = listener {
            let tell = move |Progress { stage, fraction }| listener.tell(Ok((stage.as_str(), fraction)));
            call.run = call.run.clone().reporting_to(tell);
        }
        call
    }

    /// A call, and its listener for what the caller of this function wants to tell.
    pub(crate) fn with_listener((callback, cancel): Watch) -> (Self, Option<Listener>) {
        let token = cancel.map_or_else(packshot::CancelToken::new, |cancel| cancel.get().0.child());
        let (run, raised) = (Run::default().cancelled_by(&token), Arc::default());
        let listener = callback.map(|callback| Listener { callback, token, raised: Arc::clone(&raised) });
        (Self { run, raised }, listener)
    }

    /// Runs `work` on a thread of its own, and waits for it.
    pub(crate) fn wait<T: Send + 'static>(
        self,
        py: Python<'_>,
        work: impl FnOnce(&Run) -> Result<T> + Send + 'static,
    ) -> PyResult<T> {
        self.start(py, |run| Task::spawn(run, work))
    }

    /// Starts a task and waits for it. What the listener raised comes before every other end.
    pub(crate) fn start<T: Send + 'static>(self, py: Python<'_>, start: impl FnOnce(&Run) -> Task<T>) -> PyResult<T> {
        let result = wait_for(py, || start(&self.run));
        match self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(raised) => Err(raised),
            None => result,
        }
    }
}

/// A callback of the caller's, and the call that it belongs to.
pub(crate) struct Listener {
    callback: Py<PyAny>,
    token: packshot::CancelToken,
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Listener {
    /// Calls it. What it raises stops the call.
    pub(crate) fn tell(&self, said: Result<impl for<'py> PyCallArgs<'py>>) {
        // None: the interpreter is shutting down, and nobody listens any more.
        Python::try_attach(|py| {
            // Asked with the GIL held: whoever has cancelled hears nothing more.
            if self.token.is_cancelled() {
                return;
            }
            if let Err(error) = raise(py, said).and_then(|said| self.callback.call1(py, said)) {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                self.token.cancel();
            }
        });
    }
}

/// A long call that nobody watches.
pub(crate) fn long<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    wait_for(py, || Task::spawn(&Run::default(), |_| work()))
}

/// A call that takes no time worth a thread.
pub(crate) fn short<T>(py: Python<'_>, work: impl FnOnce() -> Result<T>) -> PyResult<T> {
    raise(py, guard(work))
}

fn wait_for<T: Send + 'static>(py: Python<'_>, start: impl FnOnce() -> Task<T>) -> PyResult<T> {
    refuse_after_fork().map_err(|error| exception(py, &error))?;
    let mut task = start();
    // Python delivers signals to its main thread only; the others can sleep until the end.
    if !on_main_thread(py)? {
        return raise(py, py.detach(|| task.wait()));
    }
    loop {
        if let Some(result) = py.detach(|| task.wait_for(BETWEEN_SIGNALS)) {
            return raise(py, result);
        }
        // An error, such as KeyboardInterrupt, drops the task, which cancels the work.
        py.check_signals()?;
    }
}

fn on_main_thread(py: Python<'_>) -> PyResult<bool> {
    let threading = py.import("threading")?;
    Ok(threading.call_method0("current_thread")?.is(&threading.call_method0("main_thread")?))
}

/// Threads do not survive a fork: a process forked from one whose pool of threads was at work would wait for them
/// forever.
fn refuse_after_fork() -> Result<()> {
    static WORKED_IN: AtomicU32 = AtomicU32::new(0);
    let this = std::process::id();
    match WORKED_IN.compare_exchange(0, this, Ordering::SeqCst, Ordering::SeqCst) {
        Err(other) if other != this => {
            let message = format!(
                "this process was forked from process {other}, in which Packshot had worked, and has none of its \
                 threads: start processes with `spawn` or `forkserver`, or fork before the first call"
            );
            Err(Error::new(Code::OptionInvalid, message).with("process", this))
        }
        _ => Ok(()),
    }
}
