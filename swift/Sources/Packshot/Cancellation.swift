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

/// Calls the library and gives its errors their type.
func typed<Success>(_ work: () throws -> Success) throws -> Success {
    do { return try work() } catch { throw PackshotError(error) }
}
