//! Reads a batch's options as data into its settings, and applies the defaults.

use std::num::NonZero;
use std::path::PathBuf;

use packshot_api::{Batch, Existing};

use crate::error::{Code, Error, Result};

/// Working on more photos at a time than this only costs memory.
const MOST_WORKERS: u32 = 64;
/// Enough for three photos of 24 million pixels.
const MEMORY: u64 = 2 << 30;
const RETRIES: u32 = 1;
const NAME: &str = "{folder}/{stem}.{ext}";

pub(super) struct Settings {
    pub(super) inputs: Vec<PathBuf>,
    pub(super) table: Option<PathBuf>,
    pub(super) output: PathBuf,
    pub(super) recursive: bool,
    pub(super) name: String,
    pub(super) existing: Existing,
    pub(super) resume: bool,
    pub(super) workers: usize,
    /// Threads of each worker for pixel operations.
    pub(super) threads: usize,
    pub(super) memory: u64,
    pub(super) retries: u32,
    pub(super) max_failures: Option<u64>,
    pub(super) watch: bool,
    pub(super) report: Option<PathBuf>,
    pub(super) sheet: Option<PathBuf>,
    pub(super) protect: Vec<PathBuf>,
}

impl Settings {
    pub(super) fn read(batch: Batch) -> Result<Self> {
        let Batch {
            inputs,
            table,
            output,
            recursive,
            name,
            existing,
            resume,
            workers,
            memory,
            retries,
            max_failures,
            watch,
            report,
            sheet,
            protect,
        } = batch;
        let invalid = |message: &str| Err(Error::new(Code::OptionInvalid, message));
        let Some(output) = output.filter(|output| !output.as_os_str().is_empty()) else {
            return invalid("output is missing: a batch needs an output folder");
        };
        if inputs.is_empty() && table.is_none() {
            return invalid("inputs and table are missing: a batch needs one of them");
        }
        if let Some(workers) = workers.filter(|workers| !(1..=MOST_WORKERS).contains(workers)) {
            return invalid(&format!("workers is {workers}; it must be 1 to {MOST_WORKERS}"));
        }
        if memory == Some(0) {
            return invalid("memory is 0; at least 1 byte is needed");
        }
        if max_failures == Some(0) {
            return invalid("max_failures is 0; at least 1 is needed");
        }
        let watch = watch.unwrap_or(false);
        if watch && table.is_some() {
            return invalid("watch and table exclude each other: only folders can be watched");
        }
        if report.is_some() && report == sheet {
            return invalid("report and sheet are the same file: give each its own");
        }
        let workers = workers.map_or_else(cores, |workers| workers as usize);
        let name = name.unwrap_or_else(|| NAME.to_owned());
        super::names::check_template(&name)?;
        Ok(Self {
            inputs,
            table,
            output,
            recursive: recursive.unwrap_or(false),
            name,
            existing: existing.unwrap_or(Existing::Skip),
            resume: resume.unwrap_or(true),
            workers,
            threads: (cores() / workers).max(1),
            memory: memory.unwrap_or(MEMORY),
            retries: retries.unwrap_or(RETRIES),
            max_failures,
            watch,
            report,
            sheet,
            protect,
        })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS as usize)
}
