//! Batches of an engine.

use std::sync::Arc;

use packshot_api as api;

use super::Engine;
use crate::batch::{BatchEvent, BatchReport, Job};
use crate::error::Result;
use crate::recipe::Recipe;
use crate::run::Task;

impl Engine {
    /// Puts many photos through `recipe`, and blocks until the last one is done. `listener` hears of each photo when it is
    /// finished, one after the other, on a thread of its own.
    ///
    /// The batch does not wait for a listener that is slower. Up to 64 events wait to be heard; of more, the oldest are
    /// dropped, but never that of a photo that failed. What is dropped is only progress: the next event has its counts, and
    /// the report's file has every photo. [`batch_in_step`](Self::batch_in_step) is for listeners that need each event.
    ///
    /// A photo that fails does not stop the others; it is counted, told, and kept in the report. What was done is noted in
    /// the file `.packshot-journal` in the folder for the results: the same batch, started again after it was stopped in
    /// whichever way, goes on where it was. What was made of another photo, with another recipe or by another model is made
    /// anew.
    ///
    /// No file that the batch reads is written to, whatever name or link leads there. A file that no batch wrote, and a
    /// result that somebody changed since, are kept unless `existing` says otherwise.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`](crate::Code::OptionInvalid) for options and tables that cannot be read, the codes of kind
    /// `Model` for models that cannot be used, [`Code::FileProtected`](crate::Code::FileProtected) and
    /// [`Code::FileExists`](crate::Code::FileExists) for a report or a sheet that would replace another file,
    /// [`Code::FileMissing`](crate::Code::FileMissing) if there is no photo at all,
    /// [`Code::BatchBusy`](crate::Code::BatchBusy) if another batch writes to the folder,
    /// [`Code::FileUnreadable`](crate::Code::FileUnreadable), [`Code::FileUnwritable`](crate::Code::FileUnwritable) and
    /// [`Code::DiskFull`](crate::Code::DiskFull) for the journal and the report, [`Code::Cancelled`](crate::Code::Cancelled)
    /// unless it watches, and [`Code::Internal`](crate::Code::Internal) if `listener` panics.
    pub fn batch(
        &self,
        recipe: &Recipe,
        batch: &api::Batch,
        listener: impl Fn(&BatchEvent) + Send + Sync + 'static,
    ) -> Result<BatchReport> {
        self.start_batch(recipe, batch, listener).wait()
    }

    /// [`batch`](Self::batch) for a `listener` that does something with each result: the batch waits for it, and nothing is
    /// dropped. A long list of inputs is let go once it is read.
    ///
    /// # Errors
    /// Those of [`batch`](Self::batch).
    pub fn batch_in_step(
        &self,
        recipe: &Recipe,
        batch: api::Batch,
        listener: impl Fn(&BatchEvent) + Send + Sync + 'static,
    ) -> Result<BatchReport> {
        self.job(recipe, listener, true).start(self.run(), batch).wait()
    }

    /// Starts a batch: `.await` the task in asynchronous code.
    ///
    /// A batch that watches ends when it is cancelled, with its report; any other ends with
    /// [`Code::Cancelled`](crate::Code::Cancelled) then, at once, and closes its files on its own thread:
    /// [`CancelToken::wait_until_idle`](crate::CancelToken::wait_until_idle) waits for that.
    pub fn start_batch(
        &self,
        recipe: &Recipe,
        batch: &api::Batch,
        listener: impl Fn(&BatchEvent) + Send + Sync + 'static,
    ) -> Task<BatchReport> {
        self.job(recipe, listener, false).start(self.run(), batch.clone())
    }

    fn job(&self, recipe: &Recipe, listener: impl Fn(&BatchEvent) + Send + Sync + 'static, in_step: bool) -> Job {
        let cancel = self.run().cancel().clone();
        Job { device: Arc::clone(self.device()), recipe: recipe.clone(), cancel, listener: Box::new(listener), in_step }
    }
}
