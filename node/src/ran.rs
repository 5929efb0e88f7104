//! What did the work, on its way to JavaScript.

use napi_derive::napi;
use packshot::BackendReport;

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Ran {
    pub model: Option<String>,
    pub backend: Option<Backend>,
    pub stages: Vec<StageTime>,
    pub notes: Vec<Note>,
}

#[napi(object, object_from_js = false)]
#[derive(Clone)]
pub struct Note {
    pub code: &'static str,
    pub text: String,
}

impl From<packshot::Note> for Note {
    fn from(note: packshot::Note) -> Self {
        Self { code: note.code.as_str(), text: note.text }
    }
}

#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Backend {
    pub name: &'static str,
    pub version: Option<String>,
    pub library: Option<String>,
    pub reason: String,
}

impl From<BackendReport> for Backend {
    fn from(report: BackendReport) -> Self {
        let library = report.library.map(|path| path.display().to_string());
        Self { name: report.name, version: report.version, library, reason: report.reason }
    }
}

#[napi(object, object_from_js = false)]
pub struct StageTime {
    pub stage: &'static str,
    pub milliseconds: f64,
}

impl From<packshot::Ran> for Ran {
    fn from(ran: packshot::Ran) -> Self {
        let stage = |(stage, time): (packshot::Stage, std::time::Duration)| StageTime {
            stage: stage.as_str(),
            milliseconds: time.as_secs_f64() * 1000.0,
        };
        Self {
            model: ran.model,
            backend: ran.backend.map(Backend::from),
            stages: ran.stages.into_iter().map(stage).collect(),
            notes: ran.notes.into_iter().map(Note::from).collect(),
        }
    }
}
