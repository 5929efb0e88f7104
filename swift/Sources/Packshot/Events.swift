import Foundation
import PackshotBindings

/// As many events wait for a loop.
private let mostWaiting = 64

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
/// ```swift
/// for try await event in engine.removingBackground(.file(url)) {
///     switch event {
///     case .progress(let report): bar.progress = report.fraction
///     case .finished(let cutout): show(cutout)
///     }
/// }
/// ```
///
/// The work begins when a loop asks for the first event, and is cancelled when the loop is left: by `break`, by an error in
/// its body, or because its task is cancelled, which throws `CancellationError`. Each loop is a run of its own.
///
/// The work does not wait for a loop that is slower: that one misses progress, and hears the newest of it and the result.
public struct Events<Element: Sendable>: AsyncSequence, Sendable {
    typealias Work = @Sendable (_ tell: @escaping @Sendable (Element) -> Void) async throws -> Element
    /// Whether telling waits when too many events do, instead of dropping the oldest.
    var waits = false
    let work: Work

    public func makeAsyncIterator() -> AsyncIterator {
        let gate = waits ? Gate(room: mostWaiting) : nil
        // One more, for the result.
        let room = mostWaiting + 1
        let stream = AsyncThrowingStream<Element, any Error>(bufferingPolicy: .bufferingNewest(room)) {
            [work] continuation in
            let task = Task {
                do {
                    let result = try await work {
                        gate?.enter()
                        continuation.yield($0)
                    }
                    continuation.yield(result)
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                task.cancel()
                gate?.open()
            }
        }
        return AsyncIterator(events: stream.makeAsyncIterator(), gate: gate)
    }

    /// The events of one run.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: AsyncThrowingStream<Element, any Error>.AsyncIterator
        let gate: Gate?

        public mutating func next() async throws -> Element? {
            if let event = try await events.next() {
                gate?.leave()
                return event
            }
            // A stream of a cancelled task ends without a word; a caller without a result must hear why.
            try Task.checkCancellation()
            return nil
        }
    }
}

/// Lets so many in at a time, until it is opened for all.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var room: Int
    private var isOpen = false

    init(room: Int) {
        self.room = room
    }

    /// Blocks until there is room.
    func enter() {
        condition.lock()
        defer { condition.unlock() }
        while room <= 0 && !isOpen { condition.wait() }
        room -= 1
    }

    func leave() {
        condition.lock()
        defer { condition.unlock() }
        room += 1
        condition.signal()
    }

    func open() {
        condition.lock()
        defer { condition.unlock() }
        isOpen = true
        condition.broadcast()
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
