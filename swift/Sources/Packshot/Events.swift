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
public struct Events<Element: Sendable>: AsyncSequence, Sendable {
    typealias Work = @Sendable (_ tell: @escaping @Sendable (Element) -> Void) async throws -> Element
    let work: Work

    public func makeAsyncIterator() -> AsyncIterator {
        let stream = AsyncThrowingStream<Element, any Error> { [work] continuation in
            let task = Task {
                do {
                    continuation.yield(try await work { continuation.yield($0) })
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
        return AsyncIterator(events: stream.makeAsyncIterator())
    }

    /// The events of one run.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: AsyncThrowingStream<Element, any Error>.AsyncIterator

        public mutating func next() async throws -> Element? {
            if let event = try await events.next() { return event }
            // A stream of a cancelled task ends without a word; a caller without a result must hear why.
            try Task.checkCancellation()
            return nil
        }
    }
}

extension Events {
    /// The events of a call that reports progress.
    static func watching<Success>(
        _ work: @escaping @Sendable (CancelToken, any ProgressListener) async throws -> Success
    ) -> Self where Element == Event<Success> {
        Self { tell in
            let listener = Listener { tell(.progress($0)) }
            return .finished(try await cancellable { try await work($0, listener) })
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
