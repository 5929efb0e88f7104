import Foundation
import Packshot
import XCTest

import func PackshotBindings.injectFault

final class CancellationTests: Suite {
    func testACancelledTaskIsAnsweredAtOnce() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(4000, 3000)
        var slowest = 0.0
        for share: Float in [0, 0.3, 0.6] {
            let events = engine.removingBackground(.photo(photo), .init(edges: .fine))
            slowest = max(slowest, await milliseconds(until: events, isCancelledAt: share))
        }
        print("cancelled after at most \(String(format: "%.1f", slowest)) ms")
        XCTAssertLessThan(slowest, 2000)
        _ = try await quickCutout(engine)
    }

    /// The fault at the end of the work is still there to be met, so the work did not get there.
    func testTheWorkStops() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(1600, 1200)
        let begin = Date()
        _ = try await engine.removeBackground(.photo(photo), .init(edges: .fine))
        let whole = Date().timeIntervalSince(begin)
        try injectFault(stage: .compose, code: "disk_full")
        let task = Task { try await engine.removeBackground(.photo(photo), .init(edges: .fine)) }
        try await Task.sleep(nanoseconds: UInt64(whole * 0.2e9))
        task.cancel()
        task.cancel()
        await isCancelled { try await task.value }
        try await Task.sleep(nanoseconds: UInt64(whole * 2e9))
        let error = await packshotError { try await quickCutout(engine) }
        XCTAssertEqual(error?.code, "disk_full")
        shows("cancel")
    }

    func testACancelledTaskStartsNothing() async throws {
        let engine = try Engine.plain(cache: Scratch())
        try injectFault(stage: .compose, code: "disk_full")
        let task = Task {
            try? await Task.sleep(nanoseconds: 60_000_000_000)
            return try await quickCutout(engine)
        }
        task.cancel()
        await isCancelled { try await task.value }
        let error = await packshotError { try await quickCutout(engine) }
        XCTAssertEqual(error?.code, "disk_full")
    }

    func testPhotosAndModelsAreCancelledToo() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(2000, 1500)
        let scratch = try Scratch()
        let file = scratch.file("never.png")
        let works: [@Sendable () async throws -> Void] = [
            { _ = try await photo.encoded(.init(png: .best)) },
            { try await photo.write(to: file, .init(png: .best)) },
            { _ = try await Photo(contentsOf: Place.photo("mug.jpg")) },
            { _ = try await engine.probe() },
            { _ = try await engine.models.pull("packshot-matte-2") },
        ]
        for work in works {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await work()
            }
            await isCancelled { try await task.value }
        }
        let slow = Task { try await photo.encoded(.init(png: .best)) }
        try await Task.sleep(nanoseconds: 50_000_000)
        slow.cancel()
        await isCancelled { try await slow.value }
    }
}
