import PackshotBindings

/// Runs a call of the library that stops when the calling task is cancelled.
func cancellable<Success: Sendable>(
    _ work: @Sendable (CancelToken) async throws -> Success
) async throws -> Success {
    try Task.checkCancellation()
    let token = CancelToken()
    do {
        return try await withTaskCancellationHandler {
            try await work(token)
        } onCancel: {
            token.cancel()
        }
    } catch {
        let error = PackshotError(error)
        throw error.kind == .cancelled && Task.isCancelled ? CancellationError() : error
    }
}

/// The same for work that leaves files behind: its caller goes on when they are closed, cancelled or not.
func cancellableToTheEnd<Success: Sendable>(
    _ work: @Sendable (CancelToken) async throws -> Success
) async throws -> Success {
    try await cancellable { token in
        let outcome: Result<Success, any Error>
        do { outcome = .success(try await work(token)) } catch { outcome = .failure(error) }
        try await token.idle()
        return try outcome.get()
    }
}

/// Calls the library and gives its errors their type.
func typed<Success>(_ work: () throws -> Success) throws -> Success {
    do { return try work() } catch { throw PackshotError(error) }
}
