import Foundation
import Packshot
import XCTest

import func PackshotBindings.injectFault

final class ProgressTests: Suite {
    func testProgressRisesAndTheCutoutIsLast() async throws {
        let engine = try Engine.plain(cache: Scratch())
        var reports: [ProgressReport] = []
        var result: Cutout?
        for try await event in engine.removingBackground(.file(Place.photo("mug.jpg")), .init(edges: .fine)) {
            XCTAssertNil(result, "something came after the end")
            switch event {
            case .progress(let report): reports.append(report)
            case .finished(let cutout): result = cutout
            }
        }
        let fractions = reports.map(\.fraction)
        XCTAssertEqual(fractions, fractions.sorted())
        XCTAssert(fractions.allSatisfy { 0...1 ~= $0 })
        XCTAssertLessThan(try XCTUnwrap(fractions.first), 0.2)
        XCTAssertGreaterThan(try XCTUnwrap(fractions.last), 0.8)
        let stages = Set(reports.map(\.stage))
        XCTAssert(stages.isSuperset(of: [.decode, .prepare, .inference, .matte, .edges, .compose]), "\(stages)")
        let plain = try await engine.removeBackground(.file(Place.photo("mug.jpg")), .init(edges: .fine))
        XCTAssertEqual(result?.photo.pixels(), plain.photo.pixels())
        shows("progress")
    }

    func testAnErrorOfTheOperationEndsTheLoop() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let error = await packshotError {
            for try await _ in engine.removingBackground(.file(Place.photo("nowhere.jpg"))) {}
        }
        XCTAssertEqual(error?.code, "file_missing")
    }

    private struct Enough: Error {}

    /// Whoever leaves the loop stops the work: the fault at its end is still there to be met.
    func testAnErrorInTheLoopStopsTheWorkAndReachesTheCaller() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(1600, 1200)
        let begin = Date()
        _ = try await engine.removeBackground(.photo(photo), .init(edges: .fine))
        let whole = Date().timeIntervalSince(begin)
        try injectFault(stage: .compose, code: "disk_full")
        let events = engine.removingBackground(.photo(photo), .init(edges: .fine))
        do {
            for try await _ in events { throw Enough() }
            XCTFail("the loop went on")
        } catch {
            XCTAssert(error is Enough, "\(error)")
        }
        for try await _ in events { break }
        try await Task.sleep(nanoseconds: UInt64(whole * 3e9))
        let error = await packshotError { try await quickCutout(engine) }
        XCTAssertEqual(error?.code, "disk_full")
    }

    func testACancelledLoopThrowsAndHearsNothingMore() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(1600, 1200)
        let task = Task {
            var after = 0
            do {
                for try await event in engine.removingBackground(.photo(photo), .init(edges: .fine)) {
                    if Task.isCancelled { after += 1 }
                    if case .progress(let report) = event, report.stage == .inference {
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
            } catch is CancellationError {
                return after
            }
            XCTFail("the loop ended without a word")
            return after
        }
        let after = try await task.value
        XCTAssertEqual(after, 0)
    }

    func testNoLoopNoWork() async throws {
        let engine = try Engine.plain(cache: Scratch())
        try injectFault(stage: .compose, code: "disk_full")
        let pictures = Pictures(mask: try .boxMask(40, 30))
        let events = engine.removingBackground(.photo(try .box(40, 30)), .init(edges: .off), pictures: pictures)
        try await Task.sleep(nanoseconds: 200_000_000)
        let error = await packshotError { try await quickCutout(engine) }
        XCTAssertEqual(error?.code, "disk_full")
        var loops = 0
        for _ in 0..<2 {
            for try await event in events {
                if case .finished = event { loops += 1 }
            }
        }
        XCTAssertEqual(loops, 2)
    }
}
