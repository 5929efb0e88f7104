//! From options as data to an engine.

use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::EngineBuilder;
use crate::error::{Code, Error, Result};
use crate::inference::Backend;
use crate::models::Registry;

/// What an [`Engine`](super::Engine) can be asked for, as plain data: the options of [`EngineBuilder`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineOptions {
    /// Which backend runs models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<Backend>,
    /// The ONNX Runtime library to load, before any that is found by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ort_library: Option<String>,
    /// An ONNX Runtime library, or its folder, that happens to be there: tried after the environment variables and
    /// before the system's, and passed over if it is missing or cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_ort_library: Option<String>,
    /// Threads for one model run, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// The folder for models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_dir: Option<String>,
    /// Whether a tool may fetch a missing model of the registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download: Option<bool>,
    /// Forbids the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline: Option<bool>,
    /// Permits models whose licence forbids commercial use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_noncommercial: Option<bool>,
    /// Models to add to those that Packshot knows: the text of a registry in TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
}

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
