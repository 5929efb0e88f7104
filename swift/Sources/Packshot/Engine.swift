import PackshotBindings

/// Runs tools on this device. Make one and keep it: models are loaded once for each engine.
///
/// An engine may be used from any task, by many at once. All work is done on threads of its own, never on the caller's,
/// so the main actor stays free. Cancelling the task that calls cancels the work, and the caller gets a
/// `CancellationError` at once.
///
/// ```swift
/// let engine = try Engine()
/// let cutout = try await engine.removeBackground(.file(url))
/// try await cutout.photo.write(to: result)
/// ```
public final class Engine: Sendable {
    let handle: PackshotBindings.Engine

    /// An engine. Nothing is loaded yet: the first call of a tool does that. The first engine of a process keeps ONNX
    /// Runtime from sending telemetry.
    ///
    /// - Throws: ``PackshotError/option(_:)`` for 0 threads, ``PackshotError/model(_:)`` for a registry that cannot be used.
    public init(_ options: EngineOptions = .init()) throws {
        handle = try typed { try PackshotBindings.Engine(options: options) }
    }

    /// Loads the embedded model with a backend, and says which one runs and why.
    public func probe(_ backend: Backend = .auto) async throws -> BackendReport {
        try await cancellable { [handle] in try await handle.probe(backend: backend, cancel: $0) }
    }

    /// The models that this engine knows, and their files.
    public var models: Models { Models(handle: handle) }
}
