use std::path::PathBuf;
use std::sync::Arc;

use packshot::{BatchEvent, Code};

use crate::engine::{Engine, Note};
use crate::error::Failure;
use crate::mirrors::{Batch, BatchOutcome, ErrorKind};
use crate::recipe::Recipe;
use crate::run::{CancelToken, ListenerFailure};

/// Said each time that a photo of a batch is finished: the counts so far, and the photo.
#[derive(Debug, uniffi::Record)]
pub struct BatchProgress {
    /// Photos in the batch; absent while it watches, since more may come.
    pub total: Option<u64>,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    pub skipped: u64,
    /// Photos that were done already when the batch was started.
    pub resumed: u64,
    /// Photos per second of late; 0 until it is known.
    pub rate: f64,
    /// Seconds until the last photo is finished, if the rate stays as it is; absent until it is known.
    pub left: Option<f64>,
    /// The photo.
    pub item: BatchItem,
}

/// A photo of a batch that is finished.
#[derive(Debug, uniffi::Record)]
pub struct BatchItem {
    /// The input, as it was given or found; `%E9` stands for a byte of a name that is not Unicode.
    pub input: String,
    /// The result's file; absent if the photo failed before it had a name.
    pub output: Option<String>,
    /// How it ended.
    pub outcome: BatchOutcome,
    /// Whether the result has another name than was wanted, because that one was taken.
    pub renamed: bool,
    /// Why it failed.
    pub error: Option<Failure>,
    /// How often it was tried; 0 if nothing had to be done.
    pub attempts: u32,
    /// Seconds that it took, waiting included.
    pub seconds: f64,
    /// What was not done as asked; empty if it was not made now.
    pub notes: Vec<Note>,
}

/// What became of a batch.
#[derive(Debug, uniffi::Record)]
pub struct BatchReport {
    /// Photos in the batch; those that came while it watched.
    pub total: u64,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that were done already when the batch was started.
    pub resumed: u64,
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    pub skipped: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
    pub stopped: Option<Failure>,
    /// Seconds that it took.
    pub seconds: f64,
    /// Photos made per second, over the whole time.
    pub rate: f64,
    /// The photos that failed, the first 1,000 of them; the report's file has all.
    pub failures: Vec<BatchItem>,
    /// The folder for the results.
    pub output: String,
    /// The journal, by which the batch can be resumed.
    pub journal: String,
    /// The report's file.
    pub report: Option<String>,
    /// The contact sheet.
    pub sheet: Option<String>,
    /// Whether the result of each photo is there, and a batch's own. A photo that was skipped has none.
    pub complete: bool,
}

/// Hears of each photo of a batch when it is finished, on a thread of the batch.
#[uniffi::export(foreign)]
pub trait BatchListener: Send + Sync {
    /// One photo is finished. A listener that fails is not asked again.
    fn on_progress(&self, progress: BatchProgress) -> Result<(), ListenerFailure>;
}

#[uniffi::export]
impl Engine {
    /// Puts many photos through a recipe. Where it was stopped, the same call goes on.
    pub async fn batch(
        &self,
        recipe: Arc<Recipe>,
        options: Batch,
        cancel: Arc<CancelToken>,
        listener: Option<Arc<dyn BatchListener>>,
    ) -> Result<BatchReport, Failure> {
        let own = Dropped(cancel.0.child());
        let engine = self.0.clone().with_cancel(&own.0);
        let report = engine.start_batch(&recipe.0, &options, telling(&own.0, listener)).await?;
        Ok(report.into())
    }
}

/// Cancels a batch whose future was dropped, so that its listener hears nothing more.
struct Dropped(packshot::CancelToken);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// What tells `listener`, until it fails: that cancels the batch.
fn telling(cancel: &packshot::CancelToken, listener: Option<Arc<dyn BatchListener>>) -> impl Fn(&BatchEvent) + use<> {
    let cancel = cancel.clone();
    move |event| {
        let Some(listener) = listener.as_ref().filter(|_| !cancel.is_cancelled()) else { return };
        if listener.on_progress(event.clone().into()).is_err() {
            cancel.cancel();
        }
    }
}

fn text(path: PathBuf) -> String {
    packshot::api::path_text(&path).into_owned()
}

impl From<BatchEvent> for BatchProgress {
    fn from(event: BatchEvent) -> Self {
        let BatchEvent { total, done, failed, skipped, resumed, rate, left, item, .. } = event;
        Self { total, done, failed, skipped, resumed, rate, left, item: item.into() }
    }
}

impl From<packshot::BatchItem> for BatchItem {
    fn from(item: packshot::BatchItem) -> Self {
        let packshot::BatchItem { input, output, outcome, renamed, error, attempts, seconds, notes, .. } = item;
        let (input, output, error) = (text(input), output.map(text), error.map(Failure::from));
        let notes = notes.into_iter().map(Note::from).collect();
        Self { input, output, outcome, renamed, error, attempts, seconds, notes }
    }
}

impl From<packshot::BatchReport> for BatchReport {
    fn from(report: packshot::BatchReport) -> Self {
        Self {
            complete: report.is_complete(),
            total: report.total,
            done: report.done,
            resumed: report.resumed,
            skipped: report.skipped,
            failed: report.failed,
            stopped: report.stopped.map(Failure::from),
            seconds: report.seconds,
            rate: report.rate,
            failures: report.failures.into_iter().map(BatchItem::from).collect(),
            output: text(report.output),
            journal: text(report.journal),
            report: report.report.map(text),
            sheet: report.sheet.map(text),
        }
    }
}

impl From<packshot::BatchFailure> for Failure {
    fn from(failure: packshot::BatchFailure) -> Self {
        let packshot::BatchFailure { code, message, remedy, retryable, .. } = failure;
        let known = Code::ALL.iter().find(|known| known.as_str() == code);
        let kind = known.map_or(ErrorKind::Internal, |code| code.kind());
        Self::Raised { code, kind, text: message.clone(), display: message, remedy, retryable, context: Vec::new() }
    }
}
