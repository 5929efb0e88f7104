//! The report as JSON: each photo as it is finished, and the counts at the end.

use std::path::Path;

use packshot_api::Existing;
use serde::Serialize;

use super::event::{BatchItem, BatchReport};
use super::stream::Stream;
use crate::error::{Code, Error, Result};

/// Beginning of the file, with the name of its format.
const BEGIN: &str = "{\"schema\":\"packshot.batch-report/1\",\"items\":[";

/// One JSON object: `schema`, `items` in the order in which they were finished, and the fields of a [`BatchReport`]
/// except `failures`, which are among the items.
pub(super) struct ReportFile {
    stream: Stream,
    first: bool,
}

impl ReportFile {
    pub(super) fn begin(path: &Path, existing: Existing) -> Result<Self> {
        let mut stream = Stream::begin(path, existing, BEGIN)?;
        stream.write(BEGIN)?;
        Ok(Self { stream, first: true })
    }

    pub(super) fn add(&mut self, item: &BatchItem) -> Result<()> {
        let comma = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
        self.stream.write(&format!("{comma}{}", json(item)?))
    }

    pub(super) fn finish(mut self, report: &BatchReport) -> Result<()> {
        let counts = BatchReport { failures: Vec::new(), ..report.clone() };
        let counts = json(&counts)?.replacen("\"failures\":[],", "", 1);
        let counts = counts.strip_prefix('{').unwrap_or_default();
        self.stream.write(&format!("\n],{counts}\n"))?;
        self.stream.finish()
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|cause| Error::new(Code::Internal, "cannot write the report").because(cause))
}
