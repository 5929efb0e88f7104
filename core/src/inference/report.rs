//! The requested backend, and the one that runs.

use std::fmt;
use std::path::PathBuf;

pub use packshot_api::Backend;

/// The backend that runs a model, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackendReport {
    /// `onnxruntime` or `rten`.
    pub name: &'static str,
    /// The version of ONNX Runtime; `None` for rten, which belongs to this build.
    pub version: Option<String>,
    /// The library file that ONNX Runtime was loaded from.
    pub library: Option<PathBuf>,
    /// Why this backend was chosen, for people.
    pub reason: String,
    /// Whether another one was found, but could not be used.
    pub(crate) fallback: bool,
}

impl BackendReport {
    pub(crate) fn rten(reason: impl Into<String>, fallback: bool) -> Self {
        Self { name: "rten", version: None, library: None, reason: reason.into(), fallback }
    }
}

/// `onnxruntime 1.28.0 from /opt/ort/libonnxruntime.so (PACKSHOT_ORT_DYLIB)` or `rten (asked for)`.
impl fmt::Display for BackendReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(version) = &self.version {
            write!(f, " {version}")?;
        }
        if let Some(library) = &self.library {
            write!(f, " from {}", library.display())?;
        }
        write!(f, " ({})", self.reason)
    }
}
