//! Opens models, and chooses the backend.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Backend, BackendReport, Session, Tensor, rten::RtenSession};
use crate::error::{Code, Error, Result};
use crate::run::CancelToken;

/// More threads than this hardly speed up a matting network, and slow down everything else on the machine.
const MOST_THREADS: usize = 4;

/// ONNX Runtime holds the weights once per lane: a model with more bytes than this gets only one lane, with all
/// threads.
#[cfg(feature = "ort-dynamic")]
const LARGE_MODEL: u64 = 64 << 20;

/// Opens models with the chosen backend.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runtime {
    /// Which backend to use.
    pub(crate) backend: Backend,
    /// The ONNX Runtime library to use, or a folder that contains it; tried before any other.
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten is no library to be found"))]
    pub(crate) library: Option<PathBuf>,
    /// A library to use if neither the caller nor the environment names one; skipped if it cannot be used.
    #[cfg_attr(not(feature = "ort-dynamic"), allow(dead_code, reason = "rten is no library to be found"))]
    pub(crate) offered: Option<PathBuf>,
    /// Threads per run; by default one per core, up to four.
    pub(crate) threads: Option<NonZero<usize>>,
    /// Number of concurrent callers, each with a lane; 1 by default.
    pub(crate) lanes: Option<NonZero<usize>>,
}

/// Where a model's bytes are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ModelData<'a> {
    /// Embedded in the program; never copied.
    Embedded(&'static [u8]),
    /// In memory; copied.
    Bytes(&'a [u8]),
    /// In a file, possibly with external data in the same folder.
    File(&'a Path),
}

impl ModelData<'_> {
    /// Bytes of the file and of external data under its usual names.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Embedded(bytes) => bytes.len() as u64,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(path) => {
                let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
                let beside = |ending: &str| {
                    let mut name = path.as_os_str().to_owned();
                    name.push(ending);
                    size(Path::new(&name))
                };
                size(path) + beside(".data") + beside("_data")
            }
        }
    }
}

/// Why ONNX Runtime cannot be used.
pub(super) struct Unusable {
    pub(super) error: Error,
    /// It is not installed, which is not worth a note on each photo.
    pub(super) absent: bool,
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Self {
        Self { error, absent: false }
    }
}

/// A model ready to run.
pub(crate) struct Opened {
    pub(crate) session: Arc<dyn Session>,
    pub(crate) backend: BackendReport,
}

impl Opened {
    /// Runs an image-to-image model on `picture`; `ports` are the names of its input and its output, by default the
    /// first of each. Fails as [`Session::run`] does.
    pub(crate) fn run(
        &self,
        ports: (Option<&str>, Option<&str>),
        picture: Tensor,
        cancel: &CancelToken,
    ) -> Result<Tensor> {
        let (input, output) = self.session.ports().picture(ports)?;
        let answer = self.session.run(&[(input, &picture.into())], &[output], cancel)?.pop();
        answer.ok_or_else(|| Error::new(Code::Internal, "the model gave no answer"))?.into_f32()
    }
}

impl Runtime {
    /// Loads a model.
    ///
    /// Fails with [`Code::BackendMissing`] if the backend is not available, [`Code::ModelInvalid`] if it cannot load
    /// the model, and [`Code::FileMissing`] if the model's file or a named library does not exist: a mistake to report,
    /// not a reason to fall back.
    pub(crate) fn open(&self, data: ModelData<'_>) -> Result<Opened> {
        if let ModelData::File(path) = data
            && !path.exists()
        {
            return Err(Error::new(Code::FileMissing, "there is no such model file").at(path));
        }
        match self.backend {
            Backend::Rten => self.open_rten(data, BackendReport::rten("asked for", false)),
            Backend::OnnxRuntime => self.open_onnxruntime(data).map_err(|unusable| unusable.error),
            Backend::Auto => match self.open_onnxruntime(data) {
                Err(Unusable { error, absent }) if error.code() == Code::BackendMissing => {
                    self.open_rten(data, BackendReport::rten(error.message(), !absent))
                }
                Err(Unusable { error, .. }) if error.code() == Code::ModelInvalid => {
                    let report = BackendReport::rten(format!("ONNX Runtime could not load the model: {error:?}"), true);
                    // Both have failed; include the first backend's message too.
                    self.open_rten(data, report).map_err(|last| last.with("onnxruntime", error))
                }
                result => result.map_err(|unusable| unusable.error),
            },
        }
    }

    /// A runtime sized for `callers` concurrent callers, each with its share of the cores.
    pub(crate) fn for_callers(self, callers: NonZero<usize>) -> Self {
        Self { lanes: Some(callers), ..self }
    }

    fn lanes(&self) -> usize {
        self.lanes.map_or(1, NonZero::get)
    }

    /// Threads per run when `lanes` runs execute concurrently.
    fn threads(&self, lanes: usize) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.threads.map_or_else(|| (cores() / lanes).clamp(1, MOST_THREADS), NonZero::get)
    }

    fn open_rten(&self, data: ModelData<'_>, backend: BackendReport) -> Result<Opened> {
        let lanes = self.lanes();
        let session = RtenSession::open(data, (lanes, self.threads(lanes)))?;
        Ok(Opened { session: Arc::new(session), backend })
    }

    #[cfg(feature = "ort-dynamic")]
    fn open_onnxruntime(&self, data: ModelData<'_>) -> Result<Opened, Unusable> {
        let library = super::library::get(self.library.as_deref(), self.offered.as_deref())?;
        // A lane is a session with its own copy of the weights.
        let lanes = if data.size() > LARGE_MODEL { 1 } else { self.lanes() };
        let session = super::onnxruntime::OrtSession::open(&library, data, (lanes, self.threads(lanes)))?;
        Ok(Opened { session: Arc::new(session), backend: library.report() })
    }

    #[cfg(not(feature = "ort-dynamic"))]
    fn open_onnxruntime(&self, _: ModelData<'_>) -> Result<Opened, Unusable> {
        let message = "this build has no ONNX Runtime support (cargo feature `ort-dynamic`)";
        Err(Unusable { error: Error::new(Code::BackendMissing, message), absent: true })
    }
}
