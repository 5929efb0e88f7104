//! A record and a method of the engine for each tool, made from the tables of `packshot-api`.

use std::collections::HashMap;
use std::sync::Arc;

use packshot::api::Step;
use packshot::{Pictures, Run, ToolResult};

use crate::engine::{Engine, Ran};
use crate::error::Failure;
use crate::facts::{fact, read};
use crate::photo::{Photo, Source};
use crate::run::{CancelToken, ProgressListener, start};

macro_rules! each {
    ($({
        $about:literal $step:ident $method:ident $watched:ident $record:ident $facts:ident $needs_options:literal
    })*) => { $(packshot::api::$record! { made $step $method })* };
}

macro_rules! made {
    ($step:ident $method:ident [$($about:tt)*] $name:ident $({[$($doc:tt)*] $field:ident $kind:ident [$($absent:tt)?]})*) => {
        $(#[doc = $about])*
        #[derive(uniffi::Record)]
        pub struct $name {
            /// The picture that was asked for.
            pub photo: Arc<Photo>,
            $($(#[doc = $doc])* pub $field: fact!($kind $field $($absent)?),)*
            /// What did the work; without a model if none was needed.
            pub ran: Ran,
        }

        #[uniffi::export]
        impl Engine {
            /// Applies the tool to a photo. Pictures go by their names, such as `mask`.
            pub async fn $method(
                &self,
                source: Source,
                options: packshot::api::$step,
                pictures: HashMap<String, Arc<Photo>>,
                cancel: Arc<CancelToken>,
                listener: Option<Arc<dyn ProgressListener>>,
            ) -> Result<$name, Failure> {
                let (engine, step) = (self.0.clone(), Step::$step(options));
                let pictures = pictures.into_iter().map(|(name, photo)| (name, photo.0.clone().into()));
                let task = |run: &Run| Ok(engine.with_run(run).start_step(source, step, Pictures::of(pictures)?));
                let ToolResult { photo, facts, ran } = start(&cancel, listener, task).await?;
                $(let $field = read(&facts, stringify!($field))?;)*
                Ok($name { photo: Arc::new(Photo(photo)), $($field,)* ran: ran.into() })
            }
        }
    };
}

packshot::api::tools! { each }
