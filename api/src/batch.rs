use std::path::PathBuf;

use crate::table::options;
use crate::word::words;

options! {
    /// Many photos through one recipe: what goes in, where results go, and what to do when something is in the way.
    ///
    /// What a batch reads, it never writes to: photos, table, recipe, model files and `protect` stay as they are, whatever
    /// name or link leads to them. In JSON, a path that is not Unicode is `{"bytes": "…"}`, in base64.
    Batch as batch {
        /// Files, folders and glob patterns.
        inputs: Paths;
        /// A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output` (the
        /// name of the result), and a column for each variable of the recipe that rows set.
        table: Path;
        /// The folder for the results; made if it is missing.
        output: Path;
        /// Whether folders are searched to any depth; results then keep their subfolder.
        recursive: bool, default "`false`";
        /// Naming of results: text with `{stem}`, `{ext}`, `{folder}` (the input's, below the one that was given) and
        /// `{number}` (the input's place, from 1).
        name: String, default "`{folder}/{stem}.{ext}`";
        /// What to do where a file that no batch wrote stands in the place of a result, or of the report or the sheet. A
        /// result that was changed since is such a file.
        existing: Existing, default "`skip`";
        /// Go on where the batch in this folder was stopped: what is done with the same photo and the same recipe is not
        /// done again.
        resume: bool, default "`true`";
        /// Photos that are worked on at a time.
        workers: u32, range "1 to 64", default "the number of cores";
        /// Most bytes that decoded photos and results may take together; a photo waits until there is room for it.
        memory: Bytes, default "2 GiB";
        /// How often a photo is tried again when a file, a disk or a network is to blame.
        retries: u32, default "1";
        /// Stop after this many failures, at least 1.
        max_failures: u64, default "never";
        /// Go on watching the folders for new photos until cancelled.
        watch: bool, default "`false`";
        /// A file for the report, as JSON.
        report: Path;
        /// A file for the contact sheet, as HTML: before and after of each photo.
        sheet: Path;
        /// Other files that this call reads, such as a list of photos: nothing is written to them.
        protect: Paths;
    }
}

words! {
    /// What to do where a file that no batch wrote stands in a result's place.
    Existing as existing, "way with existing files", {
        /// Leave it and count the photo as skipped.
        Skip = "skip",
        /// Write over it.
        Replace = "replace",
        /// Give the result another name: `-2`, `-3`, and so on.
        Number = "number",
        /// Count the photo as failed.
        Fail = "fail",
    }
}

words! {
    /// How a photo of a batch ended.
    BatchOutcome as batch_outcome, "outcome", {
        /// Made now.
        Done = "done",
        /// Done before, of the same photo with the same recipe, and still there.
        Resumed = "resumed",
        /// Left out: a file that no batch wrote stands in its place, or its result was changed since.
        Skipped = "skipped",
        /// Failed.
        Failed = "failed",
    }
}
