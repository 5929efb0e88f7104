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

    /// Puts many photos through a recipe, and reports each when it is finished.
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
    private let tell: @Sendable (PackshotBindings.BatchEvent) -> Void

    init(_ tell: @escaping @Sendable (PackshotBindings.BatchEvent) -> Void) {
        self.tell = tell
    }

    func onEvent(event: PackshotBindings.BatchEvent) {
        tell(event)
    }
}
