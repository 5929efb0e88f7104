use std::sync::{Arc, Once};

use packshot::{EngineBuilder, guard};

use crate::error::Failure;
use crate::mirrors::{Backend, EngineOptions, NoteCode, Stage};
use crate::run::{CancelToken, spawn};

/// Runs tools on this device. Make one and keep it.
#[derive(uniffi::Object)]
pub struct Engine(pub(crate) packshot::Engine);

/// What did the work, and how long it took.
#[derive(uniffi::Record)]
pub struct Ran {
    /// Id or file name of the model; of several, all in the order they ran, with commas between. A blend of two names both,
    /// such as `a (70%) + b (30%)`. Absent if none ran.
    pub model: Option<String>,
    /// The backend; absent if a mask was given.
    pub backend: Option<BackendReport>,
    /// Time spent in each stage, in order.
    pub stages: Vec<StageTime>,
    /// What was not done as asked: options without effect, a backend in place of another.
    pub notes: Vec<Note>,
}

/// Something that was not done as asked, or not as expected, although the result is there.
#[derive(Debug, uniffi::Record)]
pub struct Note {
    /// What it is, for programs.
    pub code: NoteCode,
    /// What it is, for people.
    pub text: String,
}

impl From<packshot::Note> for Note {
    fn from(note: packshot::Note) -> Self {
        Self { code: note.code, text: note.text }
    }
}

/// Time spent in a stage.
#[derive(uniffi::Record)]
pub struct StageTime {
    /// The stage.
    pub stage: Stage,
    /// Seconds.
    pub seconds: f64,
}

/// The backend that runs a model, and why it is this one.
#[derive(uniffi::Record)]
pub struct BackendReport {
    /// `onnxruntime` or `rten`.
    pub name: String,
    /// The version of ONNX Runtime.
    pub version: Option<String>,
    /// The library file that ONNX Runtime was loaded from.
    pub library: Option<String>,
    /// Why this backend was chosen, for people.
    pub reason: String,
}

#[uniffi::export]
impl Engine {
    /// An engine. Nothing is loaded yet: the first call of a tool does that.
    #[uniffi::constructor]
    pub fn new(options: EngineOptions) -> Result<Arc<Self>, Failure> {
        switch_telemetry_off();
        let engine = guard(|| EngineBuilder::read(&options)?.build())?;
        Ok(Arc::new(Self(engine)))
    }

    /// Loads the embedded model with a backend, and says which one runs and why.
    pub async fn probe(&self, backend: Backend, cancel: Arc<CancelToken>) -> Result<BackendReport, Failure> {
        let engine = self.0.clone();
        spawn(&cancel, None, move |_| engine.probe(backend)).await.map(BackendReport::from)
    }
}

/// Apple's C library locks the environment, and no thread of a JVM changes it once it runs, so this is a safe moment.
fn switch_telemetry_off() {
    static ONCE: Once = Once::new();
    #[allow(unsafe_code, reason = "the environment has no safe interface")]
    // SAFETY: see above; of Packshot's own threads, none has been started.
    ONCE.call_once(|| unsafe { packshot::disable_ort_telemetry() });
}

impl From<packshot::Ran> for Ran {
    fn from(packshot::Ran { model, backend, stages, notes }: packshot::Ran) -> Self {
        let stages =
            stages.iter().map(|(stage, time)| StageTime { stage: *stage, seconds: time.as_secs_f64() }).collect();
        let notes = notes.into_iter().map(Note::from).collect();
        Self { model, backend: backend.map(BackendReport::from), stages, notes }
    }
}

impl From<packshot::BackendReport> for BackendReport {
    fn from(report: packshot::BackendReport) -> Self {
        let library = report.library.map(|path| path.to_string_lossy().into_owned());
        Self { name: report.name.to_owned(), version: report.version, library, reason: report.reason }
    }
}
