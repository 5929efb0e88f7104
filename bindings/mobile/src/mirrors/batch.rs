//! Those of batches.

use std::path::PathBuf;

use packshot::BatchOutcome;
use packshot::api::{Batch, Existing};

/// Many photos through one recipe: what goes in, where results go, and what to do when something is in the way.
#[uniffi::remote(Record)]
pub struct Batch {
    /// Files, folders and glob patterns.
    #[uniffi(default = [])]
    pub inputs: Vec<PathBuf>,
    /// A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the name
    /// of the result), and a column for each variable of the recipe that rows set.
    #[uniffi(default = None)]
    pub table: Option<PathBuf>,
    /// The folder for the results; made if it is missing.
    #[uniffi(default = None)]
    pub output: Option<PathBuf>,
    /// Whether folders are searched to any depth; results then keep their subfolder.
    #[uniffi(default = None)]
    pub recursive: Option<bool>,
    /// How results are called: text with `{stem}`, `{ext}`, `{folder}` (the input's, below the one that was given) and
    /// `{number}` (the input's place, from 1).
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// What to do where a file that no batch wrote, or a result that was changed since, stands in a result's place.
    #[uniffi(default = None)]
    pub existing: Option<Existing>,
    /// Go on where the batch in this folder was stopped: what is done with the same photo and the same recipe is not done
    /// again.
    #[uniffi(default = None)]
    pub resume: Option<bool>,
    /// Photos that are worked on at a time.
    #[uniffi(default = None)]
    pub workers: Option<u32>,
    /// Most bytes that decoded photos and results may take together; a photo waits until there is room for it.
    #[uniffi(default = None)]
    pub memory: Option<u64>,
    /// How often a photo is tried again when a file, a disk or a network is to blame.
    #[uniffi(default = None)]
    pub retries: Option<u32>,
    /// Stop after this many failures.
    #[uniffi(default = None)]
    pub max_failures: Option<u64>,
    /// Go on watching the folders for new photos until cancelled.
    #[uniffi(default = None)]
    pub watch: Option<bool>,
    /// A file for the report, as JSON.
    #[uniffi(default = None)]
    pub report: Option<PathBuf>,
    /// A file for the contact sheet, as HTML: before and after of each photo.
    #[uniffi(default = None)]
    pub sheet: Option<PathBuf>,
    /// Other files that this call reads, such as a list of photos: nothing is written to them.
    #[uniffi(default = [])]
    pub protect: Vec<PathBuf>,
}

/// What to do where a file that no batch wrote stands in a result's place.
#[uniffi::remote(Enum)]
pub enum Existing {
    /// Leave it and count the photo as skipped.
    Skip,
    /// Write over it.
    Replace,
    /// Give the result another name: `-2`, `-3`, and so on.
    Number,
    /// Count the photo as failed.
    Fail,
}

/// How a photo of a batch ended.
#[uniffi::remote(Enum)]
pub enum BatchOutcome {
    /// Made now.
    Done,
    /// Done before, of the same photo with the same recipe, and still there.
    Resumed,
    /// Left out: a file that no batch wrote stands in its place, or its result was changed since.
    Skipped,
    /// Failed.
    Failed,
}
