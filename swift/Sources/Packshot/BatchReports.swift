// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import PackshotBindings

/// Sent for each finished photo of a batch: the counts so far, and the photo.
public struct BatchProgress: Sendable {
    /// Photos in the batch; `nil` while it watches, since more may come.
    public let total: Int?
    /// Photos that were made now.
    public let done: Int
    /// Photos that failed.
    public let failed: Int
    /// Photos that were skipped because a file that no batch wrote exists in the result's place.
    public let skipped: Int
    /// Photos that were already done when the batch was started.
    public let resumed: Int
    /// Recent photos per second, not counting resumed and skipped ones; 0 until known.
    public let rate: Double
    /// Estimated seconds until the last photo is finished, at the current rate; `nil` until known, and while the batch
    /// watches.
    public let left: Double?
    /// The photo.
    public let item: BatchItem

    init(_ told: PackshotBindings.BatchEvent) {
        total = told.total.map { Int($0) }
        done = Int(told.done)
        failed = Int(told.failed)
        skipped = Int(told.skipped)
        resumed = Int(told.resumed)
        rate = told.rate
        left = told.left
        item = BatchItem(told.item)
    }
}

/// A finished photo of a batch.
///
/// In paths, `%E9` stands for a byte of a name that is not Unicode.
public struct BatchItem: Sendable {
    /// The input, as given or found.
    public let input: String
    /// The result's file; `nil` if the photo failed before it had a name.
    public let output: String?
    /// How it ended.
    public let outcome: BatchOutcome
    /// Whether the result got another name because the wanted one was taken.
    public let renamed: Bool
    /// Why it failed; `nil` if it did not.
    public let error: PackshotError?
    /// Number of attempts; 0 if nothing had to be done.
    public let attempts: Int
    /// Seconds from the first byte read to the written file, including waiting.
    public let seconds: Double
    /// What was not done as asked. Empty if it was not made now.
    public let notes: [Note]

    init(_ told: PackshotBindings.BatchItem) {
        input = told.input
        output = told.output
        outcome = told.outcome
        renamed = told.renamed
        error = told.error.map { PackshotError($0) }
        attempts = Int(told.attempts)
        seconds = told.seconds
        notes = told.notes
    }
}

/// The outcome of a batch.
///
/// In paths, `%E9` stands for a byte of a name that is not Unicode.
public struct BatchReport: Sendable {
    /// Photos in the batch, including those that arrived while it watched.
    public let total: Int
    /// Photos that were made now.
    public let done: Int
    /// Photos that were already done when the batch was started.
    public let resumed: Int
    /// Photos that were skipped because a file that no batch wrote exists in the result's place.
    public let skipped: Int
    /// Photos that failed.
    public let failed: Int
    /// Whether every photo has a result that a batch wrote. A skipped photo has none.
    public let complete: Bool
    /// Why the batch ended before the last photo: a full disk, or more failures than were allowed; `nil` if it did not.
    public let stopped: PackshotError?
    /// Seconds that it took.
    public let seconds: Double
    /// Photos made per second, over the whole time.
    public let rate: Double
    /// The photos that failed, the first 1,000 of them; the report's file has all.
    public let failures: [BatchItem]
    /// The output folder.
    public let output: String
    /// The journal, from which the batch can be resumed.
    public let journal: String
    /// The report's file; `nil` if none was asked for.
    public let report: String?
    /// The contact sheet; `nil` if none was asked for.
    public let sheet: String?

    init(_ told: PackshotBindings.BatchReport) {
        total = Int(told.total)
        done = Int(told.done)
        resumed = Int(told.resumed)
        skipped = Int(told.skipped)
        failed = Int(told.failed)
        complete = told.complete
        stopped = told.stopped.map { PackshotError($0) }
        seconds = told.seconds
        rate = told.rate
        failures = told.failures.map { BatchItem($0) }
        output = told.output
        journal = told.journal
        report = told.report
        sheet = told.sheet
    }
}
