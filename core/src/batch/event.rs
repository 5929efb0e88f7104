//! Events and reports of a batch.

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use packshot_api::BatchOutcome;
use packshot_api::{path_bytes, path_text};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::note::Note;
use crate::tools::StepReport;

/// A record of `packshot-api`, with Rust types. In JSON, an absent number is `null`; an absent path or error is left out,
/// and so is an empty list of notes or steps.
/// A path that is not Unicode is written as text with `%E9` for each invalid byte, and once more as base64 bytes in
/// `input_bytes`.
macro_rules! record {
    ([$($about:tt)*] $name:ident $({[$($doc:tt)*] $field:ident $kind:ident [$($absent:literal)?]})*) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $doc])* $(#[doc = concat!("\n\n`None` ", $absent, ".")])? pub $field: fact!($kind $field $($absent)?),)*
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $(self.$field.write(stringify!($field), &mut map)?;)*
                map.end()
            }
        }
    };
}

macro_rules! fact {
    ($kind:ident $field:ident $absent:literal) => { Option<fact!($kind $field)> };
    (Flag $field:ident) => { bool };
    (Small $field:ident) => { u32 };
    (Whole $field:ident) => { u64 };
    (Number $field:ident) => { f64 };
    (Path $field:ident) => { PathBuf };
    (Notes $field:ident) => { Vec<Note> };
    (Failure $field:ident) => { BatchFailure };
    (Steps $field:ident) => { Vec<BatchStep> };
    (Words outcome) => { BatchOutcome };
    (Record item) => { BatchItem };
    (Records failures) => { Vec<BatchItem> };
}

packshot_api::batch_event! { record }
packshot_api::batch_item! { record }
packshot_api::batch_report! { record }

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
    /// The version of the backend.
    pub version: Option<String>,
    /// Why that backend was chosen.
    pub why: Option<String>,
    /// Seconds of each stage.
    pub stages: BTreeMap<String, f64>,
    /// Seconds of the step.
    pub seconds: f64,
    /// The tool's own facts; see [`AnyFacts::data`](crate::AnyFacts::data).
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl From<&StepReport> for BatchStep {
    fn from(report: &StepReport) -> Self {
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
            facts: report.facts.clone(),
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
    /// The chain of causes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// What a person can do about it.
    pub remedy: String,
    /// Whether a retry may succeed; the batch has already used up its retries.
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

/// Called for each finished photo.
pub(crate) type Listener = Box<dyn Fn(&BatchEvent) + Send + Sync>;

impl BatchReport {
    pub(super) fn has_every_result(&self) -> bool {
        self.stopped.is_none() && self.failed == 0 && self.skipped == 0 && self.done + self.resumed == self.total
    }
}

/// How a fact is written to JSON.
trait Written {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> std::result::Result<(), M::Error>;
}

macro_rules! written {
    (|$fact:ident| $there:expr => $($type:ty)*) => {$(
        impl Written for $type {
            fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> std::result::Result<(), M::Error> {
                let $fact = self;
                if $there { map.serialize_entry(name, self) } else { Ok(()) }
            }
        }
    )*};
}

written! { |_fact| true => bool u32 u64 f64 Option<u64> Option<f64> BatchOutcome BatchItem Vec<BatchItem> }
written! { |error| error.is_some() => Option<BatchFailure> }
written! { |list| !list.is_empty() => Vec<Note> Vec<BatchStep> }

impl Written for PathBuf {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> std::result::Result<(), M::Error> {
        map.serialize_entry(name, &path_text(self))?;
        match path_bytes(self) {
            Some(base64) => map.serialize_entry(&format!("{name}_bytes"), &base64),
            None => Ok(()),
        }
    }
}

impl Written for Option<PathBuf> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> std::result::Result<(), M::Error> {
        self.as_ref().map_or(Ok(()), |path| path.write(name, map))
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
            complete: false,
            stopped,
            seconds: 1.0,
            rate: 1.0,
            failures: Vec::new(),
            output: "out".into(),
            journal: "out/.packshot-journal".into(),
            report: None,
            sheet: None,
        };
        assert!(report([3, 2, 1, 0, 0], None).has_every_result());
        for counts in [[3, 2, 0, 1, 0], [3, 2, 0, 0, 1], [3, 2, 0, 0, 0]] {
            assert!(!report(counts, None).has_every_result(), "{counts:?}");
        }
        let failure =
            BatchFailure::from(&Error::new(crate::error::Code::DiskFull, "full").because(std::io::Error::other("no")));
        assert_eq!(failure.because, ["no"]);
        assert!(!report([3, 2, 1, 0, 0], Some(failure)).has_every_result());
        let json = serde_json::to_value(report([0; 5], None)).unwrap();
        assert_eq!((&json["output"], json.get("output_bytes"), json.get("sheet")), (&"out".into(), None, None));
    }
}
