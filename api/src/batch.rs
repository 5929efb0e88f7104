use std::path::PathBuf;

use crate::facts::facts;
use crate::table::options;
use crate::word::words;

options! {
    /// Runs one recipe on many photos: the inputs, the output folder, and what to do with existing files.
    ///
    /// A batch never writes to files that it reads: photos, table, recipe, model files and `protect` are unchanged,
    /// whatever name or link leads to them. In JSON, a path that is not Unicode is `{"bytes": "…"}`, in base64.
    Batch as batch {
        /// Files, folders and glob patterns.
        inputs: Paths;
        /// A CSV file with a row for each photo: the column `input` (relative to the CSV file), optionally `output`
        /// (the name of the result), and a column for each recipe variable to set.
        table: Path;
        /// The output folder; created if it does not exist.
        output: Path;
        /// Whether to search folders recursively; results then keep their subfolder.
        recursive: bool, default "`false`";
        /// Naming of results: text with `{stem}`, `{ext}`, `{folder}` (the input's subfolder, relative to the given
        /// folder) and `{number}` (the input's position, from 1).
        name: String, default "`{folder}/{stem}.{ext}`";
        /// What to do if a file that no batch wrote already exists in place of a result, the report or the sheet. A
        /// result that was changed since counts as such a file.
        existing: Existing, default "`skip`";
        /// Resume where the batch in this folder was stopped: results of the same photo and the same recipe are not
        /// made again.
        resume: bool, default "`true`";
        /// Number of photos to work on at a time.
        workers: u32, range "1 to 64", default "the number of cores";
        /// The most bytes for decoded photos and results together; a photo waits until there is room for it.
        memory: Bytes, default "2 GiB";
        /// How often a photo is retried after an error of a file, a disk or a network.
        retries: u32, default "1";
        /// Stop after this many failures, at least 1.
        max_failures: u64, default "never";
        /// Keep watching the folders for new photos until cancelled.
        watch: bool, default "`false`";
        /// A file for the report, as JSON.
        report: Path;
        /// A file for the contact sheet, as HTML: before and after of each photo.
        sheet: Path;
        /// Other files that this call reads, such as a list of photos, and that must not be overwritten.
        protect: Paths;
    }
}

words! {
    /// What to do if a file that no batch wrote already exists in a result's place.
    Existing as existing, "choice for existing files", {
        /// Keep it and count the photo as skipped.
        Skip = "skip",
        /// Overwrite it.
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
        /// Made in an earlier run from the same photo with the same recipe, and still there.
        Resumed = "resumed",
        /// Skipped: a file that no batch wrote exists in its place, or its result was changed since.
        Skipped = "skipped",
        /// Failed.
        Failed = "failed",
    }
}

facts! {
    /// Sent for each finished photo of a batch: the counts so far, and the photo.
    BATCH_EVENT: BatchEvent as batch_event {
        /// Photos in the batch.
        total: Whole, absent "while it watches, since more may come";
        /// Photos that were made now.
        done: Whole;
        /// Photos that failed.
        failed: Whole;
        /// Photos that were skipped because a file that no batch wrote exists in the result's place.
        skipped: Whole;
        /// Photos that were already done when the batch was started.
        resumed: Whole;
        /// Recent photos per second, not counting resumed and skipped ones; 0 until known.
        rate: Number;
        /// Estimated seconds until the last photo is finished, at the current rate.
        left: Number, absent "until known, and while the batch watches";
        /// The photo.
        item: Record(BATCH_ITEM);
    }
}

facts! {
    /// A finished photo of a batch.
    BATCH_ITEM: BatchItem as batch_item {
        /// The input, as given or found.
        input: Path;
        /// The result's file.
        output: Path, absent "if the photo failed before it had a name";
        /// How it ended.
        outcome: Words(BatchOutcome::WORDS);
        /// Whether the result got another name because the wanted one was taken.
        renamed: Flag;
        /// Why it failed.
        error: Failure, absent "if it did not";
        /// Number of attempts; 0 if nothing had to be done.
        attempts: Small;
        /// Seconds from the first byte read to the written file, including waiting.
        seconds: Number;
        /// What was not done as asked. Empty if it was not made now.
        notes: Notes;
        /// What each step of the recipe did; empty if the photo was not made now.
        steps: Steps;
    }
}

facts! {
    /// The outcome of a batch.
    BATCH_REPORT: BatchReport as batch_report {
        /// Photos in the batch, including those that arrived while it watched.
        total: Whole;
        /// Photos that were made now.
        done: Whole;
        /// Photos that were already done when the batch was started.
        resumed: Whole;
        /// Photos that were skipped because a file that no batch wrote exists in the result's place.
        skipped: Whole;
        /// Photos that failed.
        failed: Whole;
        /// Whether every photo has a result that a batch wrote. A skipped photo has none.
        complete: Flag;
        /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
        stopped: Failure, absent "if it did not";
        /// Seconds that it took.
        seconds: Number;
        /// Photos made per second, over the whole time.
        rate: Number;
        /// The photos that failed, the first 1,000 of them; the report's file has all.
        failures: Records(BATCH_ITEM);
        /// The output folder.
        output: Path;
        /// The journal, from which the batch can be resumed.
        journal: Path;
        /// The report's file.
        report: Path, absent "if none was asked for";
        /// The contact sheet.
        sheet: Path, absent "if none was asked for";
    }
}
