import Foundation
import PackshotBindings

/// The models that an engine knows, and their files in its cache folder.
public struct Models: Sendable {
    let handle: PackshotBindings.Engine

    /// Every model, and whether it is on this device.
    public func list() throws -> [ModelStatus] {
        try typed { try handle.models() }
    }

    /// Fetches a model, verified, if it is not here yet, and says where it is. This is the only place where Packshot uses
    /// the network, but for tools of an engine with ``EngineOptions/download``.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled. What was fetched until then stays, and
    ///   the next call goes on from there.
    @discardableResult
    public func pull(_ id: String) async throws -> URL {
        try await cancellable { try await self.fetch(id, cancel: $0, listener: nil) }
    }

    /// Fetches a model as ``pull(_:)`` does, with progress. Leaving the loop cancels it.
    public func pulling(_ id: String) -> Events<Event<URL>> {
        .watching { try await self.fetch(id, cancel: $0, listener: $1) }
    }

    /// The file of a model that is here.
    public func path(_ id: String) throws -> URL {
        URL(fileURLWithPath: try typed { try handle.modelPath(id: id) })
    }

    /// Compares a model's files with their published hashes.
    public func verify(_ id: String) async throws {
        try await cancellable { [handle] in try await handle.verifyModel(id: id, cancel: $0) }
    }

    /// Deletes a model's files, and says whether there were any.
    @discardableResult
    public func remove(_ id: String) async throws -> Bool {
        try await cancellable { [handle] in try await handle.removeModel(id: id, cancel: $0) }
    }

    private func fetch(_ id: String, cancel: CancelToken, listener: (any ProgressListener)?) async throws -> URL {
        URL(fileURLWithPath: try await handle.pullModel(id: id, cancel: cancel, listener: listener))
    }
}
