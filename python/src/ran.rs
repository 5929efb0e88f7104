//! What did the work.

use std::path::PathBuf;

use packshot::BackendReport;

/// `name`, `version`, `library` and `reason` of a backend.
pub(crate) type Report = (&'static str, Option<String>, Option<PathBuf>, String);

/// The model, the backend, and the seconds that each stage took.
pub(crate) type Ran = (Option<String>, Option<Report>, Vec<(&'static str, f64)>);

pub(crate) fn report(backend: BackendReport) -> Report {
    let BackendReport { name, version, library, reason, .. } = backend;
    (name, version, library, reason)
}

pub(crate) fn ran(ran: &packshot::Ran) -> Ran {
    let stages = ran.stages.iter().map(|(stage, time)| (stage.as_str(), time.as_secs_f64()));
    (ran.model.clone(), ran.backend.clone().map(report), stages.collect())
}
