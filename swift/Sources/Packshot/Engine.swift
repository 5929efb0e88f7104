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

    /// Cuts the subject out of a photo.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func removeBackground(
        _ source: Source, _ options: RemoveBackground = .init(), pictures: Pictures = .init()
    ) async throws -> Cutout {
        try await cancellable { try await self.cut(source, options, pictures, cancel: $0, listener: nil) }
    }

    /// Cuts the subject out of a photo, and tells how far it is.
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
    /// The work begins with the loop and ends with it: leaving the loop, by `break` or by an error, cancels it.
    public func removingBackground(
        _ source: Source, _ options: RemoveBackground = .init(), pictures: Pictures = .init()
    ) -> Events<Event<Cutout>> {
        .watching { try await self.cut(source, options, pictures, cancel: $0, listener: $1) }
    }

    /// Makes a photo larger, with detail that a model adds. The photo keeps its depth, its channels, its profile and its
    /// metadata.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func upscale(_ source: Source, _ options: Upscale = .init()) async throws -> Upscaled {
        try await cancellable { try await self.enlarge(source, options, cancel: $0, listener: nil) }
    }

    /// Makes a photo larger, and tells how far it is, as ``removingBackground(_:_:pictures:)`` does.
    public func upscaling(_ source: Source, _ options: Upscale = .init()) -> Events<Event<Upscaled>> {
        .watching { try await self.enlarge(source, options, cancel: $0, listener: $1) }
    }

    /// Keeps a part of a photo: an area, an aspect, or the subject with a margin. The photo keeps its depth, its channels,
    /// its profile and its metadata.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func crop(_ source: Source, _ options: Crop) async throws -> Cropped {
        try await cancellable { try await self.part(source, options, cancel: $0, listener: nil) }
    }

    /// Keeps a part of a photo, and tells how far it is, as ``removingBackground(_:_:pictures:)`` does.
    public func cropping(_ source: Source, _ options: Crop) -> Events<Event<Cropped>> {
        .watching { try await self.part(source, options, cancel: $0, listener: $1) }
    }

    /// The models that this engine knows, and their files.
    public var models: Models { Models(handle: handle) }

    private func cut(
        _ source: Source, _ options: RemoveBackground, _ pictures: Pictures,
        cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Cutout {
        let cutout = try await handle.removeBackground(
            source: source.lowered, options: options, pictures: pictures.lowered, cancel: cancel, listener: listener)
        return Cutout(cutout)
    }

    private func enlarge(
        _ source: Source, _ options: Upscale, cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Upscaled {
        let upscaled = try await handle.upscale(
            source: source.lowered, options: options, cancel: cancel, listener: listener)
        return Upscaled(upscaled)
    }

    private func part(
        _ source: Source, _ options: Crop, cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Cropped {
        Cropped(
            try await handle.crop(source: source.lowered, options: options, cancel: cancel, listener: listener))
    }
}
