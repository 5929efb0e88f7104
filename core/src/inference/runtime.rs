//! Opening a model: which backend, and why.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Backend, BackendReport, Session, rten::RtenSession};
use crate::{Code, Error, Result};

/// More threads than this make a matting network hardly faster, and everything else on the machine slower.
const MOST_THREADS: usize = 4;

/// Opens models.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runtime {
    /// Which backend to use.
    pub(crate) backend: Backend,
    /// The ONNX Runtime library, or a folder that holds it, to use before any other.
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten is no library to be found"))]
    pub(crate) library: Option<PathBuf>,
    /// One to use if neither the caller nor the environment names one; it is passed over if it cannot be used.
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten is no library to be found"))]
    pub(crate) offered: Option<PathBuf>,
    /// Threads per run; by default one per core, up to four.
    pub(crate) threads: Option<NonZero<usize>>,
}

/// Where a model's bytes are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ModelData<'a> {
    /// Embedded in the program; never copied.
    Embedded(&'static [u8]),
    /// In memory; copied.
    Bytes(&'a [u8]),
    /// In a file, beside which its external data may lie.
    File(&'a Path),
}

/// A model ready to run.
pub(crate) struct Opened {
    pub(crate) session: Arc<dyn Session>,
    pub(crate) backend: BackendReport,
}

impl Runtime {
    /// Loads a model; `input` and `output` name its ports, the first of each by default.
    ///
    /// Fails with [`Code::BackendMissing`] if the backend cannot be had, [`Code::ModelInvalid`] if it cannot load the
    /// model, [`Code::ModelShape`] if the model has no such port, and [`Code::FileMissing`] if the model's file or a
    /// library that was named is not there: a mistake to report, not a reason to use another.
    pub(crate) fn open(&self, data: ModelData<'_>, input: Option<&str>, output: Option<&str>) -> Result<Opened> {
        if let ModelData::File(path) = data
            && !path.exists()
        {
            return Err(Error::new(Code::FileMissing, "there is no such model file").at(path));
        }
        match self.backend {
            Backend::Rten => self.open_rten(data, input, output, "asked for".to_owned()),
            Backend::OnnxRuntime => self.open_onnxruntime(data, input, output),
            Backend::Auto => match self.open_onnxruntime(data, input, output) {
                Err(error) if error.code() == Code::BackendMissing => {
                    self.open_rten(data, input, output, error.message().to_owned())
                }
                Err(error) if error.code() == Code::ModelInvalid => {
                    let reason = format!("ONNX Runtime could not load the model: {error:?}");
                    // Both have failed then; the first backend's words help more than silence about it.
                    self.open_rten(data, input, output, reason).map_err(|last| last.with("onnxruntime", error))
                }
                result => result,
            },
        }
    }

    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
        self.threads.map_or_else(cores, NonZero::get)
    }

    fn open_rten(
        &self,
        data: ModelData<'_>,
        input: Option<&str>,
        output: Option<&str>,
        reason: String,
    ) -> Result<Opened> {
        let session = RtenSession::open(data, input, output, self.threads())?;
        Ok(Opened { session: Arc::new(session), backend: BackendReport::rten(reason) })
    }

    #[cfg(feature = "ort-dynamic")]
    fn open_onnxruntime(&self, data: ModelData<'_>, input: Option<&str>, output: Option<&str>) -> Result<Opened> {
        let library = super::library::get(self.library.as_deref(), self.offered.as_deref())?;
        let session = super::onnxruntime::OrtSession::open(&library, data, input, output, self.threads())?;
        Ok(Opened { session: Arc::new(session), backend: library.report() })
    }

    #[cfg(not(feature = "ort-dynamic"))]
    fn open_onnxruntime(&self, _: ModelData<'_>, _: Option<&str>, _: Option<&str>) -> Result<Opened> {
        Err(Error::new(Code::BackendMissing, "this build has no ONNX Runtime support (cargo feature `ort-dynamic`)"))
    }
}
