//! Reads an engine's options as data.

use std::num::NonZeroUsize;

use packshot_api::EngineOptions;

use super::EngineBuilder;
use crate::error::{Code, Error, Result};
use crate::models::Registry;
use crate::photo::Limits;

impl EngineBuilder {
    /// A builder with `options`; absent ones are as in [`EngineBuilder::default`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for 0 threads, workers or bytes, [`Code::DescriptorInvalid`] for a registry that cannot
    /// be used.
    pub fn read(options: &EngineOptions) -> Result<Self> {
        let EngineOptions {
            backend,
            ort_library,
            offered_ort_library,
            threads,
            workers,
            memory,
            max_pixels,
            max_bytes,
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
        let at_least_1 = |name: &str, number: u32| {
            let number = usize::try_from(number).ok().and_then(NonZeroUsize::new);
            number.ok_or_else(|| {
                Error::new(Code::OptionInvalid, format!("{name} is 0; at least 1 is needed")).with("option", name)
            })
        };
        if let Some(threads) = threads {
            builder = builder.threads(at_least_1("threads", *threads)?);
        }
        if let Some(workers) = workers {
            builder = builder.workers(at_least_1("workers", *workers)?);
        }
        if let Some(memory) = memory {
            if *memory == 0 {
                return Err(Error::new(Code::OptionInvalid, "memory is 0; at least 1 byte is needed"));
            }
            builder = builder.memory(*memory);
        }
        let default = Limits::default();
        builder = builder.limits(Limits {
            max_pixels: max_pixels.unwrap_or(default.max_pixels),
            max_bytes: max_bytes.unwrap_or(default.max_bytes),
            ..default
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_done_with_no_thread_no_worker_or_no_memory() {
        let none = EngineOptions::default();
        for (options, name) in [
            (EngineOptions { threads: Some(0), ..none.clone() }, "threads"),
            (EngineOptions { workers: Some(0), ..none.clone() }, "workers"),
            (EngineOptions { memory: Some(0), ..none.clone() }, "memory"),
        ] {
            let error = EngineBuilder::read(&options).map(drop).unwrap_err();
            assert!(error.code() == Code::OptionInvalid && error.message().starts_with(name), "{error}");
        }
        let some = EngineOptions { workers: Some(3), memory: Some(1 << 20), ..none };
        let builder = EngineBuilder::read(&some).unwrap();
        assert_eq!((builder.workers.map(NonZeroUsize::get), builder.memory), (Some(3), Some(1 << 20)));
    }
}
