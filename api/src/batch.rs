use std::path::PathBuf;

use crate::facts::facts;
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

facts! {
    /// Told each time that a photo of a batch is finished: the counts so far, and the photo.
    BATCH_EVENT: BatchEvent as batch_event {
        /// Photos in the batch.
        total: Whole, absent "while it watches, since more may come";
        /// Photos that were made now.
        done: Whole;
        /// Photos that failed.
        failed: Whole;
        /// Photos that were left out because a file that no batch wrote stands in the result's place.
        skipped: Whole;
        /// Photos that were done already when the batch was started.
        resumed: Whole;
        /// Photos per second of late, those that were resumed or skipped not counted; 0 until it is known.
        rate: Number;
        /// Seconds until the last photo is finished, if the rate stays as it is.
        left: Number, absent "until it is known, and while the batch watches";
        /// The photo.
        item: Record(BATCH_ITEM);
    }
}

facts! {
    /// A photo of a batch that is finished.
    BATCH_ITEM: BatchItem as batch_item {
        /// The input, as it was given or found.
        input: Path;
        /// The result's file.
        output: Path, absent "if the photo failed before it had a name";
        /// How it ended.
        outcome: Words(BatchOutcome::WORDS);
        /// Whether the result has another name than was wanted, because that one was taken.
        renamed: Flag;
        /// Why it failed.
        error: Failure, absent "if it did not";
        /// How often it was tried; 0 if nothing had to be done.
        attempts: Small;
        /// Seconds that it took, from the first byte to the written file, waiting included.
        seconds: Number;
        /// What was not done as asked. Empty if it was not made now.
        notes: Notes;
        /// What each step of the recipe did; empty if the photo was not made now.
        steps: Steps;
    }
}

facts! {
    /// What became of a batch.
    BATCH_REPORT: BatchReport as batch_report {
        /// Photos in the batch; those that came while it watched.
        total: Whole;
        /// Photos that were made now.
        done: Whole;
        /// Photos that were done already when the batch was started.
        resumed: Whole;
        /// Photos that were left out because a file that no batch wrote stands in the result's place.
        skipped: Whole;
        /// Photos that failed.
        failed: Whole;
        /// Whether the result of each photo is there, and a batch's own. A photo that was skipped has none.
        complete: Flag;
        /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
        stopped: Failure, absent "if it did not";
        /// Seconds that it took.
        seconds: Number;
        /// Photos made per second, over the whole time.
        rate: Number;
        /// The photos that failed, the first 1,000 of them; the report's file has all.
        failures: Records(BATCH_ITEM);
        /// The folder for the results.
        output: Path;
        /// The journal, by which the batch can be resumed.
        journal: Path;
        /// The report's file.
        report: Path, absent "if none was asked for";
        /// The contact sheet.
        sheet: Path, absent "if none was asked for";
    }
}
