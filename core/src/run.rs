//! Progress, cancellation, and how long operations run.
//!
//! [`Task::spawn`] moves the work to its own thread and returns a [`Task`]. Blocking callers
//! [`wait`](Task::wait), asynchronous ones `.await` it; both get [`Code::Cancelled`] as soon as the token is
//! cancelled, whatever the thread is doing at that moment. The thread notices at its next
//! [`checkpoint`](Run::checkpoint) and ends there.
//!
//! Each task has its own token, a child of the caller's: dropping a task cancels that task and no other.

mod admitted;
#[cfg(feature = "faults")]
pub mod faults;
mod token;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

pub(crate) use admitted::Admitted;
pub use packshot_api::Stage;
pub(crate) use token::Working;
pub use token::{CancelGuard, CancelToken};

use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// One report of progress.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of the whole operation is done, from 0 to 1; it never decreases within one operation. A download that a
    /// tool has to start first counts as a separate operation.
    pub fraction: f32,
}

type Listener = Arc<dyn Fn(Progress) + Send + Sync>;

/// The cancel token and the progress listener that travel with an operation.
#[derive(Clone, Default)]
pub struct Run {
    cancel: CancelToken,
    listener: Option<Listener>,
}

impl Run {
    /// The same run, stopped when `cancel` is cancelled.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: &CancelToken) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// The same run, reporting to `listener`, which is called on the working thread and should return quickly.
    #[must_use]
    pub fn reporting_to(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// The same run for a part of an operation: progress from 0 to 1 is reported as `from` to `to`.
    #[must_use]
    pub(crate) fn part(&self, from: f32, to: f32) -> Self {
        let listener = self.listener.clone().map(|listener| -> Listener {
            Arc::new(move |progress: Progress| {
                listener(Progress { fraction: from + (to - from) * progress.fraction, ..progress });
            })
        });
        Self { cancel: self.cancel.clone(), listener }
    }

    /// The same run with its own token, a child of this run's.
    fn child(&self) -> Self {
        Self { cancel: self.cancel.child(), listener: self.listener.clone() }
    }

    /// The token of this run.
    #[must_use]
    pub fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// Reports progress, then fails if the operation was cancelled.
    ///
    /// # Errors
    /// [`Code::Cancelled`].
    pub fn checkpoint(&self, stage: Stage, fraction: f32) -> Result<()> {
        self.cancel.check()?;
        #[cfg(feature = "faults")]
        crate::run::faults::strike(stage)?;
        if let Some(listener) = &self.listener {
            listener(Progress { stage, fraction });
        }
        Ok(())
    }
}

/// A running operation: wait for it, or `.await` it. Dropping it unfinished cancels this operation only.
#[must_use = "an operation is cancelled when its task is dropped"]
pub struct Task<T> {
    shared: Arc<Shared<T>>,
    cancel: CancelToken,
    on_cancel: Vec<CancelGuard>,
}

/// The work of a task: calling it runs the task. Dropping it uncalled cancels the task.
pub(crate) type TaskBody = Box<dyn FnOnce() + Send>;

struct Shared<T> {
    state: Mutex<State<T>>,
    done: Condvar,
}

enum State<T> {
    Running(Option<Waker>),
    Done(Result<T>),
    Taken,
}

impl<T> Shared<T> {
    fn wake(&self) {
        if let State::Running(waker) = &mut *lock(&self.state)
            && let Some(waker) = waker.take()
        {
            waker.wake();
        }
        self.done.notify_all();
    }

    fn finish(&self, result: Result<T>) {
        let before = std::mem::replace(&mut *lock(&self.state), State::Done(result));
        self.done.notify_all();
        if let State::Running(Some(waker)) = before {
            waker.wake();
        }
    }
}

/// Ends a task whose work was dropped before it was called.
struct Unfinished<T>(Arc<Shared<T>>);

impl<T> Drop for Unfinished<T> {
    fn drop(&mut self) {
        let never_ran = matches!(&*lock(&self.0.state), State::Running(_));
        if never_ran {
            self.0.finish(Err(Error::new(Code::Cancelled, "the operation was cancelled before it started")));
        }
    }
}

impl<T: Send + 'static> Task<T> {
    /// Runs `work` on its own thread, with its own run: one that reports as `run` does, and is cancelled with it or
    /// when the task is dropped.
    ///
    /// It ends with [`Code::Cancelled`] as soon as `run` is cancelled; a panic becomes [`Code::Internal`].
    pub fn spawn(run: &Run, work: impl FnOnce(&Run) -> Result<T> + Send + 'static) -> Self {
        let (task, work) = Self::prepare(run, work);
        if let Err(cause) = std::thread::Builder::new().name("packshot".to_owned()).spawn(work) {
            task.shared.finish(Err(Error::new(Code::Internal, "cannot start a thread").because(cause)));
        }
        task
    }

    /// A task that has already failed: the request was refused before it started.
    pub fn failed(error: Error) -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(State::Done(Err(error))), done: Condvar::new() });
        Self { shared, cancel: CancelToken::new(), on_cancel: Vec::new() }
    }

    /// A task and its work, not called yet. If an admitted call prepares it, the work counts as a part of that call.
    pub(crate) fn prepare(run: &Run, work: impl FnOnce(&Run) -> Result<T> + Send + 'static) -> (Self, TaskBody) {
        let run = run.child();
        let shared = Arc::new(Shared { state: Mutex::new(State::Running(None)), done: Condvar::new() });
        let (unfinished, cancel) = (Unfinished(Arc::clone(&shared)), run.cancel.clone());
        let (working, inside) = (Working::new(&cancel), Admitted::here());
        let body = move || {
            let admitted = inside.then(Admitted::enter);
            let result = guard(|| work(&run));
            // Nothing of the operation is left when its caller continues.
            drop((run, admitted));
            unfinished.0.finish(result);
            drop((unfinished, working));
        };
        let woken = Arc::clone(&shared);
        let on_cancel = vec![cancel.on_cancel(move || woken.wake())];
        (Self { shared, cancel, on_cancel }, Box::new(body))
    }

    /// The token of this task alone.
    pub(crate) fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// The same task; `hook` is called when it is cancelled.
    pub(crate) fn on_cancel(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_cancel.push(self.cancel.on_cancel(hook));
        self
    }

    /// Blocks until the operation ends or is cancelled.
    ///
    /// # Errors
    /// The operation's own error, or [`Code::Cancelled`].
    pub fn wait(self) -> Result<T> {
        let mut state = lock(&self.shared.state);
        loop {
            if let Some(result) = self.take(&mut state) {
                return result;
            }
            state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Blocks at most this long; `None` if the operation is still running. For hosts that poll their own signals
    /// meanwhile.
    pub fn wait_for(&mut self, time: Duration) -> Option<Result<T>> {
        let end = Instant::now() + time;
        let mut state = lock(&self.shared.state);
        loop {
            if let Some(result) = self.take(&mut state) {
                return Some(result);
            }
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            state = self.shared.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn take(&self, state: &mut State<T>) -> Option<Result<T>> {
        match std::mem::replace(state, State::Taken) {
            State::Done(result) => Some(result),
            State::Running(waker) => {
                *state = State::Running(waker);
                self.cancel.check().err().map(Err)
            }
            State::Taken => Some(Err(Error::new(Code::Internal, "a task was polled after it was done"))),
        }
    }
}

impl<T: Send + 'static> Future for Task<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = lock(&self.shared.state);
        if let Some(result) = self.take(&mut state) {
            return Poll::Ready(result);
        }
        *state = State::Running(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if matches!(&*lock(&self.shared.state), State::Running(_)) {
            self.cancel.cancel();
        }
    }
}

/// Calls `work` and turns a panic into [`Code::Internal`]: a panic in Packshot must never unwind into, and abort, a
/// program in another language.
///
/// # Errors
/// Those of `work`, and [`Code::Internal`].
pub fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // What `work` leaves half-changed is the photo and the session that it was working on, and both are dropped.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "unknown panic".to_owned());
        Err(Error::new(Code::Internal, format!("the worker panicked: {text}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancelling_answers_before_the_work_ends() {
        let cancel = CancelToken::new();
        let run = Run::default().cancelled_by(&cancel);
        let (started, wait_for_start) = std::sync::mpsc::channel();
        let task = Task::spawn(&run, move |_| {
            started.send(()).unwrap();
            std::thread::sleep(Duration::from_secs(5));
            Ok(1)
        });
        wait_for_start.recv().unwrap();
        let begin = Instant::now();
        std::thread::spawn(move || cancel.cancel());
        assert_eq!(task.wait().unwrap_err().code(), Code::Cancelled);
        assert!(begin.elapsed() < Duration::from_secs(4), "the caller waited for the abandoned work");
    }

    #[test]
    fn waiting_for_a_while_does_not_end_the_work() {
        let mut task = Task::spawn(&Run::default(), |_| {
            std::thread::sleep(Duration::from_millis(100));
            Ok(3)
        });
        assert!(task.wait_for(Duration::from_millis(1)).is_none());
        assert_eq!(task.wait_for(Duration::from_secs(20)).unwrap().unwrap(), 3);
    }

    #[test]
    fn a_token_is_idle_when_its_threads_have_ended() {
        let cancel = CancelToken::new();
        assert!(cancel.wait_until_idle(Duration::ZERO));
        let (end, wait_for_end) = std::sync::mpsc::channel::<()>();
        let task = Task::spawn(&Run::default().cancelled_by(&cancel), move |_| {
            wait_for_end.recv().ok();
            Ok(())
        });
        cancel.cancel();
        assert_eq!(task.wait().unwrap_err().code(), Code::Cancelled);
        assert!(!cancel.wait_until_idle(Duration::from_millis(10)), "the thread still waits for its end");
        drop(end);
        assert!(cancel.wait_until_idle(Duration::from_secs(20)));
    }

    #[test]
    fn what_was_refused_has_ended() {
        let task = Task::<()>::failed(Error::new(Code::OptionInvalid, "no"));
        assert_eq!(task.wait().unwrap_err().code(), Code::OptionInvalid);
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let task: Task<()> = Task::spawn(&Run::default(), |_| panic!("boom"));
        let error = task.wait().unwrap_err();
        assert_eq!(error.code(), Code::Internal);
        assert!(error.to_string().contains("boom"));
    }

    #[test]
    fn dropping_a_task_cancels_it_and_no_other() {
        let parent = CancelToken::new();
        let run = Run::default().cancelled_by(&parent);
        let (end, wait_for_end) = std::sync::mpsc::channel::<()>();
        let other = Task::spawn(&run, move |_| {
            wait_for_end.recv().ok();
            Ok(5)
        });
        let (tell, told) = std::sync::mpsc::channel();
        let task = Task::spawn(&run, move |run| {
            while !run.cancel().is_cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).ok();
            run.checkpoint(Stage::Compose, 1.0)
        });
        drop(task);
        told.recv_timeout(Duration::from_secs(20)).expect("the dropped task's work hears of it");
        assert!(!parent.is_cancelled());
        drop(end);
        assert_eq!(other.wait().unwrap(), 5);
        assert_eq!(Task::spawn(&run, |_| Ok(6)).wait().unwrap(), 6);
        assert!(parent.wait_until_idle(Duration::from_secs(20)));
    }

    #[test]
    fn a_task_that_starts_tasks_takes_them_along() {
        let (tell, told) = std::sync::mpsc::channel();
        let outer = Task::spawn(&Run::default(), move |run| {
            let inner = Task::spawn(run, move |run| {
                tell.send(()).ok();
                while !run.cancel().is_cancelled() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                tell.send(()).ok();
                Ok(())
            });
            inner.wait()
        });
        told.recv().unwrap();
        drop(outer);
        told.recv_timeout(Duration::from_secs(20)).expect("the inner work hears that the outer task was dropped");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_task_can_be_awaited() {
        assert_eq!(Task::spawn(&Run::default(), |_| Ok(7)).await.unwrap(), 7);
        let cancel = CancelToken::new();
        let run = Run::default().cancelled_by(&cancel);
        let task = Task::spawn(&run, |_| {
            std::thread::sleep(Duration::from_secs(2));
            Ok(())
        });
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            cancel.cancel();
        });
        assert_eq!(task.await.unwrap_err().code(), Code::Cancelled);
    }
}
