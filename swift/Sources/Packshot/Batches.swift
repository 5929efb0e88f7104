import PackshotBindings

/// What is heard of a batch that is under way: photos that are finished, and at last the report.
public enum BatchEvent: Sendable {
    /// A photo is finished: the counts so far, and the photo.
    case progress(BatchProgress)
    /// All are finished. Nothing comes after this.
    case finished(BatchReport)
}

extension Engine {
    /// Puts many photos through a recipe. A photo that fails does not stop the others; the report has it.
    ///
    /// What was done is noted in the folder for the results: the same call, made again after the batch was stopped in
    /// whichever way, goes on where it was. When the task is cancelled, the call returns as soon as the files are closed, so
    /// that the next one can begin at once.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func batch(_ recipe: Recipe, _ batch: Batch) async throws -> BatchReport {
        try await work(recipe, batch, listener: nil)
    }

    /// Puts many photos through a recipe, and tells of each when it is finished.
    ///
    /// ```swift
    /// for try await event in engine.batching(recipe, Batch(inputs: ["in"], output: "out")) {
    ///     switch event {
    ///     case .progress(let progress): print(progress.done, progress.item.input)
    ///     case .finished(let report): print(report.failed, "failed")
    ///     }
    /// }
    /// ```
    ///
    /// The batch begins with the loop and ends with it: leaving the loop, by `break` or by an error, cancels it. It does not
    /// wait for a loop that is slower: that one misses photos of which later events have the counts, but none that failed.
    public func batching(_ recipe: Recipe, _ batch: Batch) -> Events<BatchEvent> {
        // The core decides which events a loop misses that is slower.
        Events(waits: true) { tell in
            .finished(try await self.work(recipe, batch, listener: Listener { tell(.progress(BatchProgress($0))) }))
        }
    }

    private func work(_ recipe: Recipe, _ batch: Batch, listener: Listener?) async throws -> BatchReport {
        try await cancellableToTheEnd { [handle] in
            BatchReport(
                try await handle.batch(recipe: recipe.handle, options: batch, cancel: $0, listener: listener))
        }
    }
}

private final class Listener: BatchListener {
    private let tell: @Sendable (PackshotBindings.BatchProgress) -> Void

    init(_ tell: @escaping @Sendable (PackshotBindings.BatchProgress) -> Void) {
        self.tell = tell
    }

    func onProgress(progress: PackshotBindings.BatchProgress) {
        tell(progress)
    }
}

/// How far a batch is.
public struct BatchProgress: Sendable {
    /// Photos in the batch; absent while it watches, since more may come.
    public let total: Int?
    /// Photos that were made now.
    public let done: Int
    /// Photos that failed.
    public let failed: Int
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    public let skipped: Int
    /// Photos that were done already when the batch was started.
    public let resumed: Int
    /// Photos per second of late, those that were resumed or skipped not counted; 0 until it is known.
    public let rate: Double
    /// Seconds until the last photo is finished, if the rate stays as it is; absent until it is known.
    public let left: Double?
    /// The photo that is finished.
    public let item: BatchItem

    init(_ progress: PackshotBindings.BatchProgress) {
        total = progress.total.map { Int($0) }
        (done, failed) = (Int(progress.done), Int(progress.failed))
        (skipped, resumed) = (Int(progress.skipped), Int(progress.resumed))
        (rate, left, item) = (progress.rate, progress.left, BatchItem(progress.item))
    }
}

/// A photo of a batch that is finished.
public struct BatchItem: Sendable {
    /// The input, as it was given or found; `%E9` stands for a byte of a name that is not Unicode.
    public let input: String
    /// The result's file; absent if the photo failed before it had a name.
    public let output: String?
    /// How it ended.
    public let outcome: BatchOutcome
    /// Whether the result has another name than was wanted, because that one was taken.
    public let renamed: Bool
    /// Why it failed.
    public let error: PackshotError?
    /// How often it was tried; 0 if nothing had to be done.
    public let attempts: Int
    /// Seconds that it took, from the first byte to the written file, waiting included.
    public let seconds: Double
    /// What was not done as asked; empty if it was not made now.
    public let notes: [Note]

    init(_ item: PackshotBindings.BatchItem) {
        (input, output, outcome, renamed) = (item.input, item.output, item.outcome, item.renamed)
        (attempts, seconds, notes) = (Int(item.attempts), item.seconds, item.notes)
        error = item.error.map { PackshotError($0) }
    }
}

/// What became of a batch.
public struct BatchReport: Sendable {
    /// Photos in the batch; those that came while it watched.
    public let total: Int
    /// Photos that were made now.
    public let done: Int
    /// Photos that were done already when the batch was started.
    public let resumed: Int
    /// Photos that were left out because a file that no batch wrote stands in the result's place.
    public let skipped: Int
    /// Photos that failed.
    public let failed: Int
    /// Whether the result of each photo is there, and a batch's own; a photo that was skipped has none.
    public let isComplete: Bool
    /// Why the batch ended before the last photo: a full disk, or more failures than were allowed.
    public let stopped: PackshotError?
    /// Seconds that it took.
    public let seconds: Double
    /// Photos made per second, over the whole time.
    public let rate: Double
    /// The photos that failed, the first 1,000 of them; the report's file has all.
    public let failures: [BatchItem]
    /// The folder for the results.
    public let output: String
    /// The journal, by which the batch can be resumed.
    public let journal: String
    /// The report's file.
    public let report: String?
    /// The contact sheet.
    public let sheet: String?

    init(_ report: PackshotBindings.BatchReport) {
        (total, done) = (Int(report.total), Int(report.done))
        (resumed, skipped, failed) = (Int(report.resumed), Int(report.skipped), Int(report.failed))
        (isComplete, stopped) = (report.complete, report.stopped.map { PackshotError($0) })
        (seconds, rate, failures) = (report.seconds, report.rate, report.failures.map(BatchItem.init))
        (output, journal) = (report.output, report.journal)
        (self.report, sheet) = (report.report, report.sheet)
    }
}
