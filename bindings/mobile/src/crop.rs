use std::sync::Arc;

use packshot::Run;

use crate::engine::{Engine, Ran};
use crate::error::Failure;
use crate::mirrors::{Crop, Rect};
use crate::photo::{Photo, Source};
use crate::run::{CancelToken, ProgressListener, start};

/// A part of a photo, and where it was.
#[derive(uniffi::Record)]
pub struct Cropped {
    /// The part, with the depth, channels, profile and metadata of the photo that came in.
    pub photo: Arc<Photo>,
    /// The part of the photo that was kept, before it was scaled to a size.
    pub frame: Rect,
    /// The smallest rectangle around everything that is at least half subject; absent if nothing is, or nothing asked.
    pub subject: Option<Rect>,
    /// What did the work; without a model unless one looked for the subject.
    pub ran: Ran,
}

#[uniffi::export]
impl Engine {
    /// Keeps a part of a photo.
    pub async fn crop(
        &self,
        source: Source,
        options: Crop,
        cancel: Arc<CancelToken>,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Cropped, Failure> {
        let engine = self.0.clone();
        let task = |run: &Run| Ok(engine.with_run(run).start_crop(source, &packshot::Crop::read(&options)?));
        start(&cancel, listener, task).await.map(Cropped::from)
    }
}

impl From<packshot::Cropped> for Cropped {
    fn from(packshot::Cropped { photo, facts, ran }: packshot::Cropped) -> Self {
        Self { photo: Arc::new(Photo(photo)), frame: facts.frame, subject: facts.subject, ran: ran.into() }
    }
}
