//! Batches of an engine.

use std::sync::Arc;

use packshot_api as api;

use super::Engine;
use crate::batch::{BatchEvent, BatchReport, Job};
use crate::error::Result;
use crate::recipe::Recipe;
use crate::run::Task;

impl Engine {
    /// Runs `recipe` on many photos, and blocks until the last one is done. `listener` is called for each finished
    /// photo, one after the other, on its own thread.
    ///
    /// The batch does not wait for a slow listener. Up to 64 events are queued; when more arrive, the oldest are
    /// dropped, except those of photos that failed. Only progress is lost: the next event has the counts, and the
    /// report's file has every photo. Use [`batch_in_step`](Self::batch_in_step) if the listener needs each event.
    ///
    /// A photo that fails does not stop the others; it is counted, and listed in the report. Finished work is recorded
    /// in the file `.packshot-journal` in the output folder: the same batch, started again after it was stopped in any
    /// way, resumes where it was. Results of a changed photo, another recipe or another model are made again.
    ///
    /// The batch never writes to a file that it reads, whatever name or link leads to it. A file that no batch wrote,
    /// and a result that was changed since, are kept unless `existing` says otherwise.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`](crate::Code::OptionInvalid) for options and tables that cannot be read, the codes of
    /// kind `Model` for models that cannot be used, [`Code::FileProtected`](crate::Code::FileProtected) and
    /// [`Code::FileExists`](crate::Code::FileExists) for a report or a sheet that would replace another file,
    /// [`Code::FileMissing`](crate::Code::FileMissing) if there is no photo at all,
    /// [`Code::BatchBusy`](crate::Code::BatchBusy) if another batch writes to the folder,
    /// [`Code::FileUnreadable`](crate::Code::FileUnreadable), [`Code::FileUnwritable`](crate::Code::FileUnwritable) and
    /// [`Code::DiskFull`](crate::Code::DiskFull) for the journal and the report,
    /// [`Code::Cancelled`](crate::Code::Cancelled) unless it watches, and [`Code::Internal`](crate::Code::Internal) if
    /// `listener` panics.
    pub fn batch(
        &self,
        recipe: &Recipe,
        batch: &api::Batch,
        listener: impl Fn(&BatchEvent) + Send + Sync + 'static,
    ) -> Result<BatchReport> {
        self.start_batch(recipe, batch, listener).wait()
    }

    /// [`batch`](Self::batch) for a `listener` that needs each event: the batch waits for it, and no event is dropped.
    /// The list of inputs is freed once it is read.
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
    /// A watching batch returns its report when it is cancelled; any other fails at once with
    /// [`Code::Cancelled`](crate::Code::Cancelled), and closes its files on its own thread; to wait for that, call
    /// [`CancelToken::wait_until_idle`](crate::CancelToken::wait_until_idle).
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
