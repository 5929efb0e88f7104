import Foundation
import Packshot
import XCTest

final class ModelTests: Suite {
    private func registry() throws -> String {
        guard let server = Place.server else { throw XCTSkip("PACKSHOT_TEST_SERVER is not set") }
        let text = try String(contentsOf: Place.cases.appendingPathComponent("tiny.toml"), encoding: .utf8)
        return text.replacingOccurrences(of: "SERVER", with: server)
    }

    private func state(_ engine: Engine) throws -> ModelState? {
        try engine.models.list().first { $0.id == "tiny" }?.state
    }

    func testModelsAreListed() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let models = try engine.models.list()
        let own = try XCTUnwrap(models.first { $0.id == "packshot-matte-2" })
        XCTAssertEqual(own.state, .embedded)
        XCTAssertFalse(own.title.isEmpty)
        XCTAssertFalse(own.licence.isEmpty)
        XCTAssert(own.commercial)
        let absent = models.first { $0.id == "u2netp" }
        XCTAssertEqual(absent?.state, .absent)
        XCTAssertEqual(absent?.bytes, 4_574_861)
        XCTAssertEqual(models.first { $0.id == "bria-rmbg-2.0" }?.commercial, false)
        shows("models.list")
    }

    func testAModelIsPulledFoundVerifiedAndRemoved() async throws {
        let scratch = try Scratch()
        let registry = try registry()
        let engine = try Engine.plain(cache: scratch) { $0.registry = registry }
        XCTAssertEqual(try state(engine), .absent)
        let missing = await packshotError { try engine.models.path("tiny") }
        XCTAssertEqual(missing?.code, "model_missing")
        let path = try await engine.models.pull("tiny")
        XCTAssertEqual(try engine.models.path("tiny"), path)
        XCTAssertEqual(
            try Data(contentsOf: path), try Data(contentsOf: Place.cases.appendingPathComponent("tiny.onnx")))
        XCTAssertEqual(try state(engine), .present)
        shows("models.pull")
        try await engine.models.verify("tiny")
        var bytes = try Data(contentsOf: path)
        bytes[100] ^= 1
        try bytes.write(to: path)
        let corrupt = await packshotError { try await engine.models.verify("tiny") }
        XCTAssertEqual(corrupt?.code, "model_corrupt")
        guard case .model? = corrupt else { return XCTFail("\(corrupt as Any)") }
        let removed = try await engine.models.remove("tiny")
        let again = try await engine.models.remove("tiny")
        XCTAssertEqual([removed, again], [true, false])
        XCTAssertEqual(try state(engine), .absent)
        shows("models.files")
    }

    func testPullingTellsHowFarItIs() async throws {
        let scratch = try Scratch()
        let registry = try registry()
        let engine = try Engine.plain(cache: scratch) { $0.registry = registry }
        var reports: [ProgressReport] = []
        var path: URL?
        for try await event in engine.models.pulling("tiny") {
            switch event {
            case .progress(let report): reports.append(report)
            case .finished(let url): path = url
            }
        }
        XCTAssertEqual(path, try engine.models.path("tiny"))
        XCTAssert(reports.contains { $0.stage == .download }, "\(reports)")
        XCTAssertEqual(reports.map(\.fraction), reports.map(\.fraction).sorted())
    }

    func testNothingIsFetchedOffline() async throws {
        let scratch = try Scratch()
        let registry = try registry()
        let engine = try Engine.plain(cache: scratch) {
            $0.registry = registry
            $0.offline = true
        }
        let error = await packshotError { try await engine.models.pull("tiny") }
        XCTAssertEqual(error?.code, "offline")
        guard case .network? = error else { return XCTFail("\(error as Any)") }
        let unknown = await packshotError { try await engine.models.pull("no-such-model") }
        XCTAssertEqual(unknown?.code, "model_unknown")
    }
}
