//! What a batch says.

use serde::{Deserialize, Serialize};

use crate::{Error, Note};

/// Said each time that a photo is finished: the counts so far, and the photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BatchEvent {
    /// Photos in the batch; `None` while it watches, since more may come.
    pub total: Option<u64>,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Photos that were left out because a foreign file stands in the result's place.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BatchItem {
    /// The input, as it was given or found.
    pub input: String,
    /// The result's file; `None` if the photo failed before it had a name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub output: Option<String>,
    /// How it ended.
    pub outcome: BatchOutcome,
    /// Whether the result has another name than was wanted, because that one was taken.
    pub renamed: bool,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<BatchFailure>,
    /// How often it was tried; 0 if nothing had to be done.
    pub attempts: u32,
    /// Seconds that it took, from the first byte to the written file, waiting included.
    pub seconds: f64,
    /// What was not done as asked; see [`Rendition::notes`](crate::Rendition::notes). Empty if it was not made now.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
}

/// How a photo of a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BatchOutcome {
    /// Made now.
    Done,
    /// Done before, of the same photo with the same recipe, and still there.
    Resumed,
    /// Left out: a file that the batch did not write stands in its place.
    Skipped,
    /// Failed.
    Failed,
}

impl BatchOutcome {
    /// The outcome's name in reports: `done`, `resumed`, `skipped` or `failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Resumed => "resumed",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
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
    /// What a person can do about it.
    pub remedy: String,
}

impl From<&Error> for BatchFailure {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code().as_str().to_owned(),
            kind: error.kind().as_str().to_owned(),
            message: error.to_string(),
            remedy: error.remedy().to_owned(),
        }
    }
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BatchReport {
    /// Photos in the batch; those that came while it watched.
    pub total: u64,
    /// Photos that were made now.
    pub done: u64,
    /// Photos that were done already when the batch was started.
    pub resumed: u64,
    /// Photos that were left out because a foreign file stands in the result's place.
    pub skipped: u64,
    /// Photos that failed.
    pub failed: u64,
    /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stopped: Option<BatchFailure>,
    /// Seconds that it took.
    pub seconds: f64,
    /// Photos made per second, over the whole time.
    pub rate: f64,
    /// The photos that failed, the first 1,000 of them; the report's file has all.
    pub failures: Vec<BatchItem>,
    /// The folder for the results.
    pub output: String,
    /// The journal, by which the batch can be resumed.
    pub journal: String,
    /// The report's file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub report: Option<String>,
    /// The contact sheet.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sheet: Option<String>,
}

impl BatchReport {
    /// Whether each photo has its result.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stopped.is_none() && self.failed == 0 && self.done + self.resumed + self.skipped == self.total
    }
}
