use std::sync::Arc;

use packshot::Run;

use crate::engine::{Engine, Ran};
use crate::error::Failure;
use crate::mirrors::Upscale;
use crate::photo::{Photo, Source};
use crate::run::{CancelToken, ProgressListener, start};

/// A larger photo, and what was done.
#[derive(uniffi::Record)]
pub struct Upscaled {
    /// The larger photo, with the depth, channels, profile and metadata of the one that came in.
    pub photo: Arc<Photo>,
    /// By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done.
    pub scale: f64,
    /// What did the work; without a model if nothing had to be done.
    pub ran: Ran,
}

#[uniffi::export]
impl Engine {
    /// Makes a photo larger.
    pub async fn upscale(
        &self,
        source: Source,
        options: Upscale,
        cancel: Arc<CancelToken>,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Upscaled, Failure> {
        let engine = self.0.clone();
        let task = |run: &Run| Ok(engine.with_run(run).start_upscale(source, &packshot::Upscale::read(&options)?));
        start(&cancel, listener, task).await.map(Upscaled::from)
    }
}

impl From<packshot::Upscaled> for Upscaled {
    fn from(upscaled: packshot::Upscaled) -> Self {
        let packshot::Upscaled { photo, facts, ran } = upscaled;
        Self { photo: Arc::new(Photo(photo)), scale: facts.scale, ran: ran.into() }
    }
}
