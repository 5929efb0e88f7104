import Foundation
import Packshot
import XCTest

final class BatchTests: Suite {
    /// A folder with copies of one photo, and one for results.
    private final class Folders {
        let photos: Scratch
        let results: Scratch

        init(_ count: Int) throws {
            (photos, results) = (try Scratch(), try Scratch())
            for number in 0..<count { try add("mug.jpg", as: "mug-\(number).jpg") }
        }

        func add(_ photo: String, as name: String) throws {
            try FileManager.default.copyItem(at: Place.photo(photo), to: photos.file(name))
        }

        func batch(workers: UInt32 = 1) -> Batch {
            Batch(inputs: [photos.folder.path], output: results.folder.path, workers: workers)
        }

        func made() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: results.folder.path)
                .filter { $0.hasSuffix(".png") && !$0.hasPrefix(".") }.count
        }
    }

    func testASlowLoopMissesProgressAndNoFailure() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let folders = try Folders(200)
        try Data("no photo".utf8).write(to: folders.photos.file("mug-105.jpg"))
        let recipe = try Recipe(
            text: "schema = \"packshot.recipe/1\"\n[[steps]]\nexport = { format = \"png\", size = 32 }\n")
        var told: [BatchProgress] = []
        var last: BatchReport?
        for try await event in engine.batching(recipe, folders.batch()) {
            // A batch that waited for the loop would never come so far.
            let deadline = Date().addingTimeInterval(120)
            while try folders.made() < 199 {
                guard Date() < deadline else { return XCTFail("the batch waits for the loop") }
                try await Task.sleep(nanoseconds: 10_000_000)
            }
            switch event {
            case .progress(let progress): told.append(progress)
            case .finished(let report): last = report
            }
        }
        XCTAssertLessThan(told.count, 180)
        XCTAssertEqual(told.last.map { $0.done + $0.failed }, 200)
        let bad = told.map(\.item).filter { $0.error != nil }.map(\.input)
        XCTAssertEqual(bad.count, 1)
        XCTAssert(bad.first?.hasSuffix("mug-105.jpg") == true, "\(bad)")
        XCTAssertEqual(last?.done, 199)
    }

    func testEachPhotoIsToldAndTheReportIsLast() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let folders = try Folders(3)
        try folders.add("truncated.jpg", as: "bad.jpg")
        var batch = folders.batch(workers: 2)
        batch.report = folders.photos.file("report.json").path
        var told: [BatchProgress] = []
        var last: BatchReport?
        for try await event in engine.batching(try Recipe(preset: "transparent-png"), batch) {
            XCTAssertNil(last, "something came after the end")
            switch event {
            case .progress(let progress): told.append(progress)
            case .finished(let report): last = report
            }
        }
        XCTAssertEqual(told.map { $0.done + $0.failed }, [1, 2, 3, 4])
        XCTAssert(told.allSatisfy { $0.total == 4 && $0.skipped == 0 && $0.resumed == 0 })
        XCTAssertEqual(told.last?.left, 0)
        XCTAssertGreaterThan(try XCTUnwrap(told.last).rate, 0)
        for item in told.map(\.item) where item.outcome == .done {
            XCTAssert(FileManager.default.fileExists(atPath: try XCTUnwrap(item.output)))
            XCTAssertNil(item.error)
            XCTAssertEqual(item.attempts, 1)
        }
        let bad = try XCTUnwrap(told.map(\.item).first { $0.outcome == .failed })
        XCTAssert(bad.input.hasSuffix("bad.jpg"), bad.input)
        guard case .photo(let details)? = bad.error else { return XCTFail("\(bad)") }
        XCTAssertEqual(details.code, "photo_truncated")
        XCTAssertFalse(details.remedy.isEmpty)

        let report = try XCTUnwrap(last)
        XCTAssertEqual([report.total, report.done, report.failed, report.skipped], [4, 3, 1, 0])
        XCTAssertEqual(report.failures.map(\.input), [bad.input])
        XCTAssertFalse(report.complete)
        XCTAssertNil(report.stopped)
        let file = try String(contentsOfFile: try XCTUnwrap(report.report), encoding: .utf8)
        XCTAssert(file.contains("photo_truncated"))
        shows("batch", "batch.progress")
    }

    func testABatchThatWasCancelledGoesOnWhereItWas() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let folders = try Folders(8)
        let batch = folders.batch()
        let recipe = try Recipe(preset: "transparent-png")
        let task = Task { try await engine.batch(recipe, batch) }
        while try folders.made() < 2 { try await Task.sleep(nanoseconds: 5_000_000) }
        let begin = DispatchTime.now().uptimeNanoseconds
        task.cancel()
        await isCancelled { try await task.value }
        let time = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6
        print("a cancelled batch had closed its files after \(String(format: "%.1f", time)) ms")
        XCTAssertLessThan(time, 10000)
        XCTAssertLessThan(try folders.made(), 8)
        let report = try await engine.batch(recipe, batch)
        XCTAssertEqual(report.done + report.resumed, 8)
        XCTAssertGreaterThanOrEqual(report.resumed, 2)
        XCTAssert(report.complete)
        XCTAssertEqual(try folders.made(), 8)
        shows("batch.resume")
    }

    private struct Enough: Error {}

    func testAnErrorInTheLoopStopsTheBatchAndReachesTheCaller() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let folders = try Folders(6)
        let recipe = try Recipe(preset: "transparent-png")
        do {
            for try await _ in engine.batching(recipe, folders.batch()) { throw Enough() }
            XCTFail("the loop went on")
        } catch {
            XCTAssert(error is Enough, "\(error)")
        }
        try await Task.sleep(nanoseconds: 3_000_000_000)
        XCTAssertLessThan(try folders.made(), 6)
        let report = try await engine.batch(recipe, folders.batch())
        XCTAssertEqual(report.done + report.resumed, 6)
    }

    func testOptionsAndFoldersAreCheckedByTheCore() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let folders = try Folders(1)
        let recipe = try Recipe(preset: "transparent-png")
        let none = await packshotError { try await engine.batch(recipe, folders.batch(workers: 0)) }
        XCTAssertEqual(none?.code, "option_invalid")
        let nothing = await packshotError { try await engine.batch(recipe, Batch()) }
        XCTAssertEqual(nothing?.code, "option_invalid")
        var batch = folders.batch()
        let empty = try Scratch()
        batch.inputs = [empty.folder.path]
        let missing = await packshotError { [batch] in try await engine.batch(recipe, batch) }
        XCTAssertEqual(missing?.code, "file_missing")
        batch = folders.batch()
        (batch.existing, batch.name) = (.number, "{stem}-small.{ext}")
        let report = try await engine.batch(recipe, batch)
        XCTAssert(report.complete)
        XCTAssert(report.journal.hasSuffix(".packshot-journal"), report.journal)
        let result = folders.results.file("mug-0-small.png").path
        XCTAssert(FileManager.default.fileExists(atPath: result))
    }
}
