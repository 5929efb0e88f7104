//! What a batch says.

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use packshot_api::BatchOutcome;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::geometry::Rect;
use crate::note::Note;
use crate::tools::StepReport;

/// Said each time that a photo is finished: the counts so far, and the photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BatchEvent {
    /// Photos in the batch; `None` while it watches, since more may come.
    pub total: Option<u64>,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    pub skipped: u64,
    /// Photos that were done already when the batch was started.
    pub resumed: u64,
    /// Photos per second of late, those that were resumed or skipped not counted; 0 until it is known.
    pub rate: f64,
    /// Seconds until the last photo is finished, if the rate stays as it is; `None` until it is known, and while it watches.
    pub left: Option<f64>,
    /// The photo.
    pub item: BatchItem,
}

/// A photo that is finished.
///
/// In JSON, a path that is not Unicode is written as text with `%E9` for each byte at fault, and has its bytes beside it, in
/// base64: `input_bytes`, `output_bytes`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BatchItem {
    /// The input, as it was given or found.
    #[serde(flatten, with = "path_keys::input")]
    pub input: PathBuf,
    /// The result's file; `None` if the photo failed before it had a name.
    #[serde(flatten, with = "path_keys::output")]
    pub output: Option<PathBuf>,
    /// How it ended.
    pub outcome: BatchOutcome,
    /// Whether the result has another name than was wanted, because that one was taken.
    pub renamed: bool,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<BatchFailure>,
    /// How often it was tried; 0 if nothing had to be done.
    pub attempts: u32,
    /// Seconds that it took, from the first byte to the written file, waiting included.
    pub seconds: f64,
    /// What was not done as asked; see [`Rendition::notes`](crate::Rendition::notes). Empty if it was not made now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What each step of the recipe did; empty if the photo was not made now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<BatchStep>,
}

/// What a step of a recipe did with a photo: a [`StepReport`] as data.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BatchStep {
    /// The tool.
    pub step: String,
    /// Width of the picture after it, in pixels.
    pub width: u32,
    /// Height of the picture after it, in pixels.
    pub height: u32,
    /// The model that ran.
    pub model: Option<String>,
    /// What ran it.
    pub backend: Option<String>,
    /// The version of that.
    pub version: Option<String>,
    /// Why it was that.
    pub why: Option<String>,
    /// Seconds of each stage.
    pub stages: BTreeMap<String, f64>,
    /// Seconds of the step.
    pub seconds: f64,
    /// What a cut-out found.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub found: Option<BatchSubject>,
    /// By what factor an upscale made the sides larger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}

/// What a cut-out found. Boxes are left, top, right and bottom, in pixels.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BatchSubject {
    /// The box around everything that is at least half subject.
    pub subject: Option<[u32; 4]>,
    /// The box of each separate subject, the largest first.
    pub instances: Vec<[u32; 4]>,
    /// How sure the model is, from 0 to 1.
    pub confidence: f32,
    /// How much of the old background is left in the rim, from 0 to 1.
    pub halo: f32,
}

impl From<&StepReport> for BatchStep {
    fn from(report: &StepReport) -> Self {
        let edges = |rect: Rect| [rect.left, rect.top, rect.right(), rect.bottom()];
        let backend = report.ran.backend.as_ref();
        let stages = report.ran.stages.iter().map(|(stage, time)| (stage.as_str().to_owned(), time.as_secs_f64()));
        Self {
            step: report.step.to_owned(),
            width: report.width,
            height: report.height,
            model: report.ran.model.clone(),
            backend: backend.map(|backend| backend.name.to_owned()),
            version: backend.and_then(|backend| backend.version.clone()),
            why: backend.map(|backend| backend.reason.clone()),
            stages: stages.collect(),
            seconds: report.time.as_secs_f64(),
            found: report.found.as_ref().map(|found| BatchSubject {
                subject: found.subject.map(edges),
                instances: found.instances.iter().map(|instance| edges(instance.bounds)).collect(),
                confidence: found.confidence,
                halo: found.halo,
            }),
            scale: report.scale,
        }
    }
}

/// An [`Error`] as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BatchFailure {
    /// The name of the [`Code`](crate::Code).
    pub code: String,
    /// The name of the [`ErrorKind`](crate::ErrorKind).
    pub kind: String,
    /// What is wrong, with the facts attached.
    pub message: String,
    /// The causes, each that of the one before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// What a person can do about it.
    pub remedy: String,
    /// Whether the same may succeed if it is tried again; a batch has done that as often as it may.
    pub retryable: bool,
}

impl From<&Error> for BatchFailure {
    fn from(error: &Error) -> Self {
        let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
        Self {
            code: error.code().as_str().to_owned(),
            kind: error.kind().as_str().to_owned(),
            message: error.to_string(),
            because: causes.map(ToString::to_string).collect(),
            remedy: error.remedy().to_owned(),
            retryable: error.retryable(),
        }
    }
}

/// Hears of each photo.
pub(crate) type Listener = Box<dyn Fn(&BatchEvent) + Send + Sync>;

/// What became of a batch. Paths that are not Unicode are written as those of a [`BatchItem`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BatchReport {
    /// Photos in the batch; those that came while it watched.
    pub total: u64,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that were done already when the batch was started.
    pub resumed: u64,
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    pub skipped: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<BatchFailure>,
    /// Seconds that it took.
    pub seconds: f64,
    /// Photos made per second, over the whole time.
    pub rate: f64,
    /// The photos that failed, the first 1,000 of them; the report's file has all.
    pub failures: Vec<BatchItem>,
    /// The folder for the results.
    #[serde(flatten, with = "path_keys::output")]
    pub output: PathBuf,
    /// The journal, by which the batch can be resumed.
    #[serde(flatten, with = "path_keys::journal")]
    pub journal: PathBuf,
    /// The report's file.
    #[serde(flatten, with = "path_keys::report")]
    pub report: Option<PathBuf>,
    /// The contact sheet.
    #[serde(flatten, with = "path_keys::sheet")]
    pub sheet: Option<PathBuf>,
}

impl BatchReport {
    /// Whether the result of each photo is there, and a batch's own. A photo that was skipped has none.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stopped.is_none() && self.failed == 0 && self.skipped == 0 && self.done + self.resumed == self.total
    }
}

/// A path as two keys: its text, and its bytes if the text is not all of it.
mod path_keys {
    use std::path::{Path, PathBuf};

    use packshot_api::{path_bytes, path_text};
    use serde::ser::{SerializeMap, Serializer};

    pub(super) trait MayBePath {
        fn path(&self) -> Option<&Path>;
    }

    impl MayBePath for PathBuf {
        fn path(&self) -> Option<&Path> {
            Some(self)
        }
    }

    impl MayBePath for Option<PathBuf> {
        fn path(&self) -> Option<&Path> {
            self.as_deref()
        }
    }

    macro_rules! keys {
        ($($name:ident)*) => {$(
            pub(super) mod $name {
                pub(in super::super) fn serialize<S: super::Serializer>(
                    path: &impl super::MayBePath,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    super::write(stringify!($name), concat!(stringify!($name), "_bytes"), path.path(), serializer)
                }
            }
        )*};
    }

    keys! { input output journal report sheet }

    fn write<S: Serializer>(
        text: &'static str,
        bytes: &'static str,
        path: Option<&Path>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(path) = path {
            map.serialize_entry(text, &path_text(path))?;
            if let Some(base64) = path_bytes(path) {
                map.serialize_entry(bytes, &base64)?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_complete_when_each_photo_has_a_result_of_ours() {
        let report = |counts: [u64; 5], stopped| BatchReport {
            total: counts[0],
            done: counts[1],
            resumed: counts[2],
            skipped: counts[3],
            failed: counts[4],
            stopped,
            seconds: 1.0,
            rate: 1.0,
            failures: Vec::new(),
            output: "out".into(),
            journal: "out/.packshot-journal".into(),
            report: None,
            sheet: None,
        };
        assert!(report([3, 2, 1, 0, 0], None).is_complete());
        for counts in [[3, 2, 0, 1, 0], [3, 2, 0, 0, 1], [3, 2, 0, 0, 0]] {
            assert!(!report(counts, None).is_complete(), "{counts:?}");
        }
        let failure =
            BatchFailure::from(&Error::new(crate::error::Code::DiskFull, "full").because(std::io::Error::other("no")));
        assert_eq!(failure.because, ["no"]);
        assert!(!report([3, 2, 1, 0, 0], Some(failure)).is_complete());
        let json = serde_json::to_value(report([0; 5], None)).unwrap();
        assert_eq!((&json["output"], json.get("output_bytes"), json.get("sheet")), (&"out".into(), None, None));
    }
}
