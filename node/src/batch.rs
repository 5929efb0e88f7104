//! Batches, and what they say on their way to JavaScript.

use std::path::PathBuf;

use napi::bindgen_prelude::{Env, PromiseRaw};
use napi_derive::napi;
use packshot::{api, from_json};

use crate::call::Call;
use crate::cutout::Note;
use crate::engine::Engine;
use crate::failure::{Answer, promise};
use crate::recipe::Recipe;

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct BatchEvent {
    pub total: Option<f64>,
    pub done: f64,
    pub failed: f64,
    pub skipped: f64,
    pub resumed: f64,
    pub rate: f64,
    pub left: Option<f64>,
    pub item: BatchItem,
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct BatchItem {
    pub input: String,
    pub output: Option<String>,
    pub outcome: &'static str,
    pub renamed: bool,
    pub error: Option<BatchFailure>,
    pub attempts: u32,
    pub seconds: f64,
    pub notes: Vec<Note>,
}

#[napi(object, object_from_js = false)]
pub struct BatchFailure {
    pub code: String,
    pub kind: String,
    pub message: String,
    pub because: Vec<String>,
    pub remedy: String,
    pub retryable: bool,
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct BatchReport {
    pub total: f64,
    pub done: f64,
    pub resumed: f64,
    pub skipped: f64,
    pub failed: f64,
    pub is_complete: bool,
    pub stopped: Option<BatchFailure>,
    pub seconds: f64,
    pub rate: f64,
    pub failures: Vec<BatchItem>,
    pub output: String,
    pub journal: String,
    pub report: Option<String>,
    pub sheet: Option<String>,
}

#[napi]
impl Engine {
    #[napi(catch_unwind)]
    pub fn batch<'env>(
        &self,
        env: &'env Env,
        recipe: &Recipe,
        options: String,
        call: &Call,
    ) -> napi::Result<PromiseRaw<'env, Answer<BatchReport>>> {
        let engine = self.inner.clone().with_cancel(call.run().cancel());
        // Not within a task of ours: that would end with the cancel, and a batch that watches has a report then.
        let task = from_json::<api::Batch>(&options)
            .map(|options| engine.start_batch(&recipe.inner, &options, call.listener()));
        promise(env, async move { task?.await }, |_, report| Ok(report.into()))
    }
}

fn text(path: PathBuf) -> String {
    api::path_text(&path).into_owned()
}

impl From<&packshot::BatchEvent> for BatchEvent {
    fn from(event: &packshot::BatchEvent) -> Self {
        Self {
            total: event.total.map(|total| total as f64),
            done: event.done as f64,
            failed: event.failed as f64,
            skipped: event.skipped as f64,
            resumed: event.resumed as f64,
            rate: event.rate,
            left: event.left,
            item: event.item.clone().into(),
        }
    }
}

impl From<packshot::BatchItem> for BatchItem {
    fn from(item: packshot::BatchItem) -> Self {
        Self {
            input: text(item.input),
            output: item.output.map(text),
            outcome: item.outcome.as_str(),
            renamed: item.renamed,
            error: item.error.map(BatchFailure::from),
            attempts: item.attempts,
            seconds: item.seconds,
            notes: item.notes.into_iter().map(Note::from).collect(),
        }
    }
}

impl From<packshot::BatchFailure> for BatchFailure {
    fn from(failure: packshot::BatchFailure) -> Self {
        let packshot::BatchFailure { code, kind, message, because, remedy, retryable, .. } = failure;
        Self { code, kind, message, because, remedy, retryable }
    }
}

impl From<packshot::BatchReport> for BatchReport {
    fn from(report: packshot::BatchReport) -> Self {
        Self {
            is_complete: report.is_complete(),
            total: report.total as f64,
            done: report.done as f64,
            resumed: report.resumed as f64,
            skipped: report.skipped as f64,
            failed: report.failed as f64,
            stopped: report.stopped.map(BatchFailure::from),
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
