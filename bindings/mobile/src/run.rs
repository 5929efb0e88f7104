use std::sync::Arc;
use std::time::Duration;

use packshot::{Progress, Run, Task};

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
        let wait = move || {
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

/// The token and the listener of one call, as the core wants them.
pub(crate) fn run(cancel: &CancelToken, listener: Option<Arc<dyn ProgressListener>>) -> Run {
    let run = Run::default().cancelled_by(&cancel.0);
    let Some(listener) = listener else { return run };
    let cancel = cancel.0.clone();
    run.reporting_to(move |Progress { stage, fraction }| {
        if listener.on_progress(ProgressReport { stage, fraction }).is_err() {
            cancel.cancel();
        }
    })
}

/// Runs `work` on a thread of its own and waits for it without blocking the caller's.
pub(crate) async fn spawn<T: Send + 'static>(
    cancel: &CancelToken,
    work: impl FnOnce() -> packshot::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    Ok(Task::spawn(&run(cancel, None), work).await?)
}
