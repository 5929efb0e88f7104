//! Counts finished photos, and writes the report and the sheet.

use std::path::Path;
use std::time::Instant;

use super::event::{BatchEvent, BatchItem, BatchOutcome, BatchReport};
use super::pace::Pace;
use super::report::ReportFile;
use super::settings::Settings;
use super::sheet::Sheet;
use super::work::Finished;
use crate::error::Result;

/// Failures kept in memory; the report's file has all of them.
const MOST_FAILURES: usize = 1000;

pub(super) struct Collector<'a> {
    settings: &'a Settings,
    total: Option<u64>,
    begun: Instant,
    pace: Pace,
    report: BatchReport,
    file: Option<ReportFile>,
    sheet: Option<Sheet>,
}

impl<'a> Collector<'a> {
    pub(super) fn begin(settings: &'a Settings, journal: &Path, total: Option<u64>) -> Result<Self> {
        let begun = Instant::now();
        let report = BatchReport {
            total: total.unwrap_or(0),
            done: 0,
            resumed: 0,
            skipped: 0,
            failed: 0,
            complete: false,
            stopped: None,
            seconds: 0.0,
            rate: 0.0,
            failures: Vec::new(),
            output: settings.output.clone(),
            journal: journal.to_owned(),
            report: settings.report.clone(),
            sheet: settings.sheet.clone(),
        };
        Ok(Self {
            settings,
            total,
            begun,
            pace: Pace::start(begun),
            report,
            file: settings.report.as_deref().map(|path| ReportFile::begin(path, settings.existing)).transpose()?,
            sheet: settings.sheet.as_deref().map(|path| Sheet::begin(path, settings.existing)).transpose()?,
        })
    }

    /// Adds a finished photo, and returns the event for the listener.
    pub(super) fn add(&mut self, finished: Finished) -> Result<BatchEvent> {
        let Finished { item, card, ends_all } = finished;
        self.count(&item);
        if let Some(file) = &mut self.file {
            file.add(&item)?;
        }
        if let (Some(sheet), Some(card)) = (&mut self.sheet, card) {
            sheet.add(&card)?;
        }
        let failed = item.outcome == BatchOutcome::Failed;
        let many = failed && self.settings.max_failures.is_some_and(|most| self.report.failed >= most);
        if (many || ends_all) && self.report.stopped.is_none() {
            self.report.stopped.clone_from(&item.error);
        }
        if failed && self.report.failures.len() < MOST_FAILURES {
            self.report.failures.push(item.clone());
        }
        Ok(self.event(item))
    }

    /// Whether the batch must stop.
    pub(super) fn has_stopped(&self) -> bool {
        self.report.stopped.is_some()
    }

    fn count(&mut self, item: &BatchItem) {
        let report = &mut self.report;
        match item.outcome {
            BatchOutcome::Done => report.done += 1,
            BatchOutcome::Resumed => report.resumed += 1,
            BatchOutcome::Skipped => report.skipped += 1,
            BatchOutcome::Failed => report.failed += 1,
        }
        report.total = report.total.max(report.done + report.resumed + report.skipped + report.failed);
        if matches!(item.outcome, BatchOutcome::Done | BatchOutcome::Failed) {
            self.pace.tick(Instant::now());
        }
    }

    fn event(&self, item: BatchItem) -> BatchEvent {
        let BatchReport { done, failed, skipped, resumed, .. } = self.report;
        let finished = done + failed + skipped + resumed;
        BatchEvent {
            total: self.total,
            done,
            failed,
            skipped,
            resumed,
            rate: self.pace.rate(),
            left: self.total.and_then(|total| self.pace.left(total.saturating_sub(finished))),
            item,
        }
    }

    /// Completes the report's files.
    pub(super) fn finish(mut self) -> Result<BatchReport> {
        self.report.seconds = self.begun.elapsed().as_secs_f64();
        self.report.rate = self.report.done as f64 / self.report.seconds.max(f64::EPSILON);
        self.report.complete = self.report.has_every_result();
        if let Some(file) = self.file {
            file.finish(&self.report)?;
        }
        if let Some(sheet) = self.sheet {
            sheet.finish(&self.report)?;
        }
        Ok(self.report)
    }
}
