import Foundation
import Packshot
import XCTest

final class EngineTests: Suite {
    func testAnEngineOfEveryKind() async throws {
        _ = try Engine()
        shows("engine")
        let cache = try Scratch()
        let engine = try Engine.plain(cache: cache) { $0.threads = 1 }
        _ = try await engine.removeBackground(.file(Place.photo("mug.jpg")))
        let none = await packshotError { try Engine(EngineOptions(threads: 0)) }
        XCTAssertEqual(none?.code, "option_invalid")
        let registry = await packshotError { try Engine(EngineOptions(registry: "[[model]]\nid = 7")) }
        XCTAssertEqual(registry?.code, "descriptor_invalid")
        let library = try Engine(EngineOptions(backend: .onnxRuntime, ortLibrary: "/nowhere.so"))
        let missing = await packshotError { try await library.probe(.onnxRuntime) }
        XCTAssertEqual(missing?.code, "file_missing")
        shows("engine.options")
    }

    func testProbeSaysWhatRuns() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let report = try await engine.probe(.rten)
        XCTAssertEqual(report.name, "rten")
        XCTAssertFalse(report.reason.isEmpty)
        XCTAssertNil(report.library)
        shows("engine.probe")
    }

    func testTheFirstEngineKeepsOnnxRuntimeQuiet() {
        XCTAssertNil(TelemetryVariable.seen.before)
        XCTAssertEqual(TelemetryVariable.seen.after, "1")
        shows("privacy")
    }

    func testOnnxRuntimeFindsTheSame() async throws {
        guard let library = Place.onnxruntime else { throw XCTSkip("PACKSHOT_TEST_ORT is not set") }
        let cache = try Scratch()
        let engine = try Engine.plain(cache: cache) {
            $0.backend = .onnxRuntime
            $0.ortLibrary = library
        }
        let cutout = try await engine.removeBackground(.file(Place.photo("mug.jpg")))
        XCTAssertEqual(cutout.ran.backend?.name, "onnxruntime")
        XCTAssertEqual(cutout.ran.backend?.library, library)
        let cases = try caseFile("tools/remove_background.json")
        let expected = try XCTUnwrap(cases.first { $0["name"] as? String == "default" }?["expect"])
        XCTAssertEqual(differences("", expected, cutout.facts), [])
    }

    func testWhatRanIsReported() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let cutout = try await engine.removeBackground(.file(Place.photo("mug.jpg")), .init(edges: .fine))
        XCTAssertEqual(cutout.ran.model, "packshot-matte-2")
        XCTAssertEqual(cutout.ran.backend?.name, "rten")
        XCTAssert(cutout.ran.stages.map(\.stage).contains(.inference))
        XCTAssertGreaterThan(cutout.ran.stages.map(\.seconds).reduce(0, +), 0)
        XCTAssertEqual(cutout.matte.channels, .gray)
        XCTAssertEqual([cutout.matte.width, cutout.matte.height], [320, 272])
        let trimap = try XCTUnwrap(cutout.trimap)
        XCTAssert(Set(trimap.pixels()).isSubset(of: [0, 128, 255]))
        let quick = try await quickCutout(engine)
        XCTAssertNil(quick.trimap)
        XCTAssertNil(quick.ran.backend)
        shows("cutout.matte")
    }

    func testEverySourceGivesTheSame() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let url = Place.photo("mug.jpg")
        let data = try Data(contentsOf: url)
        let slice = (Data([1, 2, 3]) + data).dropFirst(3)
        XCTAssertNotEqual(slice.startIndex, 0)
        let sources: [Source] = [
            .file(url), .data(data), .data(slice), .photo(try await Photo(contentsOf: url)),
        ]
        var results: Set<Data> = []
        for source in sources {
            results.insert(try await engine.removeBackground(source).photo.pixels())
        }
        XCTAssertEqual(results.count, 1)
        let empty = await packshotError { try await engine.removeBackground(.data(Data())) }
        XCTAssertEqual(empty?.code, "photo_empty")
        shows("cutout.sources")
    }

    func testManyAtOnceGiveTheSameAndTheHostStaysAwake() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let source = Source.file(Place.photo("mug.jpg"))
        let alone = try await engine.removeBackground(source).photo.pixels()
        let pulse = Task {
            var slowest = 0.0
            while !Task.isCancelled {
                let begin = DispatchTime.now().uptimeNanoseconds
                try? await Task.sleep(nanoseconds: 5_000_000)
                slowest = max(slowest, Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6)
            }
            return slowest
        }
        let all = try await withThrowingTaskGroup(of: Data.self) { group in
            for _ in 0..<12 {
                group.addTask { try await engine.removeBackground(source).photo.pixels() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        pulse.cancel()
        let slowest = await pulse.value
        print("a pause of 5 ms took at most \(String(format: "%.1f", slowest)) ms beside 12 cut-outs")
        XCTAssertEqual(all, Array(repeating: alone, count: 12))
        XCTAssertLessThan(slowest, 1000)
        shows("concurrency")
    }

    func testTheVersionIsTheWorkspaces() throws {
        let manifest = try String(contentsOfFile: Place.checkout("Cargo.toml"), encoding: .utf8)
        let section = try XCTUnwrap(manifest.range(of: "[workspace.package]\nversion = \""))
        XCTAssertEqual(Packshot.version, String(manifest[section.upperBound...].prefix { $0 != "\"" }))
        shows("version")
    }
}
