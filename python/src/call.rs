//! Calls of the core: long ones on a thread of their own, with the GIL released, Ctrl-C heard and the listener served;
//! short ones guarded against panics.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use packshot::{CancelGuard, Code, Error, Progress, Result, Run, Task, guard};
use pyo3::prelude::*;

use crate::error::{exception, raise};

/// How long the main thread waits before it looks for a signal.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(50);

/// Stops running operations from any thread.
#[pyclass(frozen, module = "packshot._packshot")]
#[derive(Default)]
pub(crate) struct CancelToken {
    token: packshot::CancelToken,
    _parent: Option<CancelGuard>,
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled without it.
    fn child(&self) -> Self {
        let token = packshot::CancelToken::new();
        let child = token.clone();
        Self { token, _parent: Some(self.token.on_cancel(move || child.cancel())) }
    }

    fn cancel(&self) {
        self.token.cancel();
    }

    #[getter]
    fn cancelled(&self) -> bool {
        self.token.is_cancelled()
    }
}

/// What a caller may give to a long call: a listener `(stage, fraction)`, and a token.
pub(crate) type Watch = (Option<Py<PyAny>>, Option<Py<CancelToken>>);

/// One long call: a token of its own, so that Ctrl-C and an exception in the listener stop this call and no other one
/// that the caller's token belongs to.
pub(crate) struct Call {
    run: Run,
    raised: Arc<Mutex<Option<PyErr>>>,
    /// It follows the caller's token as long as it lives.
    _token: CancelToken,
}

impl Call {
    pub(crate) fn new((progress, cancel): Watch) -> Self {
        let own = cancel.map_or_else(CancelToken::new, |cancel| cancel.get().child());
        let token = own.token.clone();
        let (run, raised) = (Run::default().cancelled_by(&token), Arc::default());
        let run = match progress {
            Some(progress) => run.reporting_to(listener(progress, token, Arc::clone(&raised))),
            None => run,
        };
        Self { run, raised, _token: own }
    }

    /// Runs `work` and waits for it. What the listener raised comes before every other end.
    pub(crate) fn wait<T: Send + 'static>(
        self,
        py: Python<'_>,
        work: impl FnOnce(&Run) -> Result<T> + Send + 'static,
    ) -> PyResult<T> {
        let run = self.run.clone();
        let result = wait_for(py, &self.run, move || work(&run));
        match self.raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(raised) => Err(raised),
            None => result,
        }
    }
}

fn listener(
    progress: Py<PyAny>,
    token: packshot::CancelToken,
    raised: Arc<Mutex<Option<PyErr>>>,
) -> impl Fn(Progress) + Send + Sync {
    move |Progress { stage, fraction }| {
        // None: the interpreter is shutting down, and nobody listens any more.
        Python::try_attach(|py| {
            // Asked with the GIL held: whoever has cancelled hears nothing more.
            if token.is_cancelled() {
                return;
            }
            if let Err(error) = progress.call1(py, (stage.as_str(), fraction)) {
                *raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                token.cancel();
            }
        });
    }
}

/// A long call that nobody watches.
pub(crate) fn long<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    wait_for(py, &Run::default(), work)
}

/// A call that takes no time worth a thread.
pub(crate) fn short<T>(py: Python<'_>, work: impl FnOnce() -> Result<T>) -> PyResult<T> {
    raise(py, guard(work))
}

fn wait_for<T: Send + 'static>(
    py: Python<'_>,
    run: &Run,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    refuse_after_fork().map_err(|error| exception(py, &error))?;
    let mut task = Task::spawn(run, work);
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
