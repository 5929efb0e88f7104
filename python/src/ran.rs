//! What did the work.

use std::path::PathBuf;

use packshot::BackendReport;

/// `name`, `version`, `library` and `reason` of a backend.
pub(crate) type Report = (&'static str, Option<String>, Option<PathBuf>, String);

/// The code and the sentence of a note.
pub(crate) type Note = (&'static str, String);

/// The model, the backend, the seconds that each stage took, and the notes.
pub(crate) type Ran = (Option<String>, Option<Report>, Vec<(&'static str, f64)>, Vec<Note>);

pub(crate) fn report(backend: BackendReport) -> Report {
    let BackendReport { name, version, library, reason, .. } = backend;
    (name, version, library, reason)
}

pub(crate) fn ran(ran: &packshot::Ran) -> Ran {
    let stages = ran.stages.iter().map(|(stage, time)| (stage.as_str(), time.as_secs_f64()));
    (ran.model.clone(), ran.backend.clone().map(report), stages.collect(), notes(&ran.notes))
}

pub(crate) fn notes(notes: &[packshot::Note]) -> Vec<Note> {
    notes.iter().map(|note| (note.code.as_str(), note.text.clone())).collect()
}
