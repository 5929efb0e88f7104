use std::sync::Arc;
use std::time::Duration;

use packshot::{Progress, Run, Task, guard};

use crate::error::Failure;
use crate::mirrors::Stage;

/// Stops running operations, from any thread.
#[derive(uniffi::Object)]
pub struct CancelToken(pub(crate) packshot::CancelToken);

#[uniffi::export]
impl CancelToken {
    /// A fresh token.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(packshot::CancelToken::new()))
    }

    /// Stops the operations that have this token.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until no thread works for this token any more, which may be a while after it was cancelled.
    pub async fn idle(&self) -> Result<(), Failure> {
        let token = self.0.clone();
        let wait = move |_: &Run| {
            while !token.wait_until_idle(Duration::from_secs(1)) {}
            Ok(())
        };
        Ok(Task::spawn(&Run::default(), wait).await?)
    }
}

/// One report of progress.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct ProgressReport {
    /// What is being done.
    pub stage: Stage,
    /// How much of the whole operation is done, from 0 to 1.
    pub fraction: f32,
}

/// Hears of progress, on the thread that works.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// One report. A listener that fails is not asked again.
    fn on_progress(&self, report: ProgressReport) -> Result<(), ListenerFailure>;
}

/// A listener that could not take a report.
#[derive(Debug, uniffi::Error, thiserror::Error)]
pub enum ListenerFailure {
    /// It threw something.
    #[error("{reason}")]
    Threw {
        /// What it threw.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerFailure {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Threw { reason: error.reason }
    }
}

/// Runs `work` on a thread of its own and waits for it without blocking the caller's. A future that is dropped, as
/// Kotlin's are when their coroutine is cancelled, takes the work along.
pub(crate) async fn spawn<T: Send + 'static>(
    cancel: &CancelToken,
    listener: Option<Arc<dyn ProgressListener>>,
    work: impl FnOnce(&Run) -> packshot::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    start(cancel, listener, |run| Ok(Task::spawn(run, work))).await
}

/// The same for work that the core starts, when its turn comes.
pub(crate) async fn start<T: Send + 'static>(
    cancel: &CancelToken,
    listener: Option<Arc<dyn ProgressListener>>,
    task: impl FnOnce(&Run) -> packshot::Result<Task<T>>,
) -> Result<T, Failure> {
    // A listener that fails stops this call, and no other that has the caller's token.
    let cancel = cancel.0.child();
    let run = Run::default().cancelled_by(&cancel);
    let run = match listener {
        None => run,
        Some(listener) => run.reporting_to(move |Progress { stage, fraction }| {
            if listener.on_progress(ProgressReport { stage, fraction }).is_err() {
                cancel.cancel();
            }
        }),
    };
    let task = guard(|| task(&run))?;
    Ok(task.await?)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc::channel;
    use std::task::{Context, Waker};

    use super::*;

    #[test]
    fn a_dropped_call_stops_its_work_and_no_other_with_the_same_token() {
        let cancel = CancelToken::new();
        let ((tell, told), (end, wait_for_end)) = (channel(), channel::<()>());
        let mut context = Context::from_waker(Waker::noop());
        let mut other = pin!(spawn(&cancel, None, move |run: &Run| {
            wait_for_end.recv().ok();
            Ok(run.cancel().is_cancelled())
        }));
        assert!(other.as_mut().poll(&mut context).is_pending());
        {
            let mut dropped = pin!(spawn(&cancel, None, move |run: &Run| {
                while !run.cancel().is_cancelled() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Ok(tell.send(()).is_ok())
            }));
            assert!(dropped.as_mut().poll(&mut context).is_pending());
        }
        assert!(told.recv_timeout(Duration::from_secs(20)).is_ok(), "the work of the dropped call hears of it");
        assert!(!cancel.is_cancelled());
        drop(end);
        let cancelled = loop {
            if let std::task::Poll::Ready(result) = other.as_mut().poll(&mut context) {
                break result;
            }
        };
        assert!(matches!(cancelled, Ok(false)));
    }
}
