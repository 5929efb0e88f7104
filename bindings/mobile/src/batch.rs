use std::sync::Arc;

use packshot::Code;

use crate::engine::Engine;
use crate::error::Failure;
use crate::facts::{Told, fact};
use crate::mirrors::{Batch, ErrorKind};
use crate::recipe::Recipe;
use crate::run::{CancelToken, ListenerFailure};

/// A record of a batch, and how it is made from the core's. Steps are left out: they are data without a type.
macro_rules! record {
    (@next $about:tt $name:ident $done:tt {$doc:tt $field:ident Steps $absent:tt} $($rest:tt)*) => {
        record! { @next $about $name $done $($rest)* }
    };
    (@next $about:tt $name:ident [$($done:tt)*] $field:tt $($rest:tt)*) => {
        record! { @next $about $name [$($done)* $field] $($rest)* }
    };
    (@next [$($about:tt)*] $name:ident [$({[$($doc:tt)*] $field:ident $kind:ident [$($absent:tt)?]})*]) => {
        $(#[doc = $about])*
        #[derive(Debug, uniffi::Record)]
        pub struct $name { $($(#[doc = $doc])* pub $field: fact!($kind $field $($absent)?),)* }

        impl Told for $name {
            type Core = packshot::$name;

            fn of(core: packshot::$name) -> Self {
                Self { $($field: Told::of(core.$field),)* }
            }
        }
    };
    ([$($about:tt)*] $name:ident $($fields:tt)*) => { record! { @next [$($about)*] $name [] $($fields)* } };
}

packshot::api::batch_event! { record }
packshot::api::batch_item! { record }
packshot::api::batch_report! { record }

/// Called for each finished photo of a batch, on a thread of the batch.
#[uniffi::export(foreign)]
pub trait BatchListener: Send + Sync {
    /// One photo is finished. A listener that fails is not called again.
    fn on_event(&self, event: BatchEvent) -> Result<(), ListenerFailure>;
}

#[uniffi::export]
impl Engine {
    /// Puts many photos through a recipe. The same call continues a batch that was stopped.
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
        Ok(Told::of(report))
    }
}

/// Cancels a batch whose future was dropped, so that its listener is not called any more.
struct Dropped(packshot::CancelToken);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Calls `listener` until it fails, which cancels the batch.
fn telling(
    cancel: &packshot::CancelToken,
    listener: Option<Arc<dyn BatchListener>>,
) -> impl Fn(&packshot::BatchEvent) + use<> {
    let cancel = cancel.clone();
    move |event| {
        let Some(listener) = listener.as_ref().filter(|_| !cancel.is_cancelled()) else { return };
        if listener.on_event(Told::of(event.clone())).is_err() {
            cancel.cancel();
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
