//! From options as data to an engine.

use std::num::NonZeroUsize;

use packshot_api::EngineOptions;

use super::EngineBuilder;
use crate::error::{Code, Error, Result};
use crate::models::Registry;

impl EngineBuilder {
    /// An engine as `options` say; what they leave out is as in [`EngineBuilder::default`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for 0 threads, [`Code::DescriptorInvalid`] for a registry that cannot be used.
    pub fn read(options: &EngineOptions) -> Result<Self> {
        let EngineOptions {
            backend,
            ort_library,
            offered_ort_library,
            threads,
            cache_dir,
            download,
            offline,
            allow_noncommercial,
            registry,
        } = options;
        let mut builder = Self::default();
        if let Some(backend) = backend {
            builder = builder.backend(*backend);
        }
        if let Some(path) = ort_library {
            builder = builder.ort_library(path);
        }
        if let Some(path) = offered_ort_library {
            builder = builder.offered_ort_library(path);
        }
        if let Some(threads) = threads {
            let threads = usize::try_from(*threads).ok().and_then(NonZeroUsize::new);
            builder = builder
                .threads(threads.ok_or_else(|| Error::new(Code::OptionInvalid, "threads is 0; at least 1 is needed"))?);
        }
        if let Some(folder) = cache_dir {
            builder = builder.cache_dir(folder);
        }
        if let Some(registry) = registry {
            builder = builder.registry(Registry::from_toml(registry)?);
        }
        Ok(builder
            .download(download.unwrap_or_default())
            .offline(offline.unwrap_or_default())
            .allow_noncommercial(allow_noncommercial.unwrap_or_default()))
    }
}
