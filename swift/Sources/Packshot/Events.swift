import PackshotBindings

/// What is heard of an operation that is under way: progress, and at last its result.
public enum Event<Success: Sendable>: Sendable {
    /// How much of the whole operation is done; the fraction never falls. A download that a tool has to start first counts
    /// as an operation of its own.
    case progress(ProgressReport)
    /// It is done. Nothing comes after this.
    case finished(Success)
}

/// An operation as a sequence of events, for `for try await`.
///
/// The work begins when a loop asks for the first event, and is cancelled when the loop is left: by `break`, by an error in
/// its body, or because its task is cancelled, which throws `CancellationError`. Each loop is a run of its own.
public struct Events<Success: Sendable>: AsyncSequence, Sendable {
    public typealias Element = Event<Success>

    typealias Work = @Sendable (CancelToken, any ProgressListener) async throws -> Success
    let work: Work

    public func makeAsyncIterator() -> AsyncIterator {
        let stream = AsyncThrowingStream<Element, any Error> { [work] continuation in
            let task = Task {
                do {
                    let listener = Listener { continuation.yield(.progress($0)) }
                    continuation.yield(.finished(try await cancellable { try await work($0, listener) }))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
        return AsyncIterator(reports: stream.makeAsyncIterator())
    }

    /// The events of one run.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var reports: AsyncThrowingStream<Element, any Error>.AsyncIterator

        public mutating func next() async throws -> Element? {
            if let event = try await reports.next() { return event }
            // A stream of a cancelled task ends without a word; a caller without a result must hear why.
            try Task.checkCancellation()
            return nil
        }
    }
}

private final class Listener: ProgressListener {
    private let report: @Sendable (ProgressReport) -> Void

    init(_ report: @escaping @Sendable (ProgressReport) -> Void) {
        self.report = report
    }

    func onProgress(report: ProgressReport) {
        self.report(report)
    }
}
