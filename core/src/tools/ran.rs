use std::time::{Duration, Instant};

use crate::inference::BackendReport;
use crate::note::{Note, NoteCode};
use crate::run::Stage;

/// What did the work, and how long it took.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    /// Id or file name of the model; several are listed in the order in which they ran, separated by commas. A blend
    /// names both, such as `a (70%) + b (30%)`. `None` if none ran.
    pub model: Option<String>,
    /// The backend, its version, and why it was chosen; `None` if no model ran.
    pub backend: Option<BackendReport>,
    /// Time spent in each stage, in order.
    pub stages: Vec<(Stage, Duration)>,
    /// What was not done as asked: options without effect, a fallback to another backend.
    pub notes: Vec<Note>,
}

/// A note if `model` ran on the fallback backend.
pub(crate) fn fallback(model: &str, backend: &BackendReport) -> Option<Note> {
    let BackendReport { name, reason, .. } = backend;
    let text = || format!("`{model}` ran on {name}, not on ONNX Runtime: {reason}");
    backend.fallback.then(|| Note::new(NoteCode::BackendFallback, text()))
}

/// Measures the time of each stage.
pub(crate) struct Clock {
    last: Instant,
    laps: Vec<(Stage, Duration)>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self::after(Vec::with_capacity(5))
    }

    /// Continues after stages that were measured by another clock.
    pub(crate) fn after(laps: Vec<(Stage, Duration)>) -> Self {
        Self { last: Instant::now(), laps }
    }

    /// Ends a stage that began where the last one ended. A repeated stage is accumulated.
    pub(crate) fn lap(&mut self, stage: Stage) {
        let now = Instant::now();
        let time = now - std::mem::replace(&mut self.last, now);
        match self.laps.iter_mut().find(|(known, _)| *known == stage) {
            Some((_, sum)) => *sum += time,
            None => self.laps.push((stage, time)),
        }
    }

    pub(crate) fn into_laps(self) -> Vec<(Stage, Duration)> {
        self.laps
    }
}
