import Foundation
import XCTest

import func PackshotBindings.injectFault
import func PackshotBindings.panicUnguarded

@testable import Packshot

final class ErrorTests: Suite {
    /// The name of the kind that an error's case says, without asking `kind`.
    private func caseName(_ error: PackshotError) -> String {
        switch error {
        case .photo: "photo"
        case .limit: "limit"
        case .option: "option"
        case .file: "file"
        case .model: "model"
        case .network: "network"
        case .backend: "backend"
        case .cancelled: "cancelled"
        case .internal: "internal"
        }
    }

    func testEveryCodeArrivesAsItsType() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let codes = try caseFile("errors.json")
        XCTAssertGreaterThan(codes.count, 30)
        for facts in codes {
            let code = facts["code"] as? String ?? ""
            try injectFault(stage: .compose, code: code)
            let raised = await packshotError(code) { try await quickCutout(engine) }
            let error = try XCTUnwrap(raised)
            XCTAssertEqual(error.code, code)
            XCTAssertEqual(caseName(error), facts["kind"] as? String, code)
            XCTAssertEqual("\(error.kind)", facts["kind"] as? String, code)
            XCTAssertEqual(error.remedy, facts["remedy"] as? String, code)
            XCTAssertEqual(error.retryable, facts["retryable"] as? Bool, code)
            XCTAssertEqual(error.context, ["stage": "compose"], code)
            XCTAssertEqual(error.message, "injected by a test", code)
        }
        _ = try await quickCutout(engine)
        shows("errors")
    }

    func testPeopleReadWhatIsWrongAndWhatHelps() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let missing = Place.photo("nowhere.jpg")
        let raised = await packshotError { try await engine.removeBackground(.file(missing)) }
        let error = try XCTUnwrap(raised)
        guard case .file(let details) = error else { return XCTFail("\(error)") }
        XCTAssertEqual(details, error.details)
        XCTAssert(error.localizedDescription.contains("nowhere.jpg"), error.localizedDescription)
        XCTAssertEqual((error as any Error as? LocalizedError)?.recoverySuggestion, "Check the path.")
        XCTAssertEqual("\(error)", "file_missing: \(error.localizedDescription)")
        XCTAssertEqual(error, error)
    }

    func testWhatIsNoFileIsNamedAsItIsWritten() async throws {
        let address = try XCTUnwrap(URL(string: "https://example.org/a.jpg"))
        let error = await packshotError { try await Photo(contentsOf: address) }
        XCTAssertEqual(error?.code, "file_missing")
        XCTAssert(error?.localizedDescription.contains("https://example.org/a.jpg") == true, "\(error as Any)")
    }

    func testAPanicIsAnError() async throws {
        let engine = try Engine.plain(cache: Scratch())
        for stage in [Stage.prepare, .edges, .compose] {
            try injectFault(stage: stage, code: nil)
            let raised = await packshotError("\(stage)") {
                try await engine.removeBackground(.file(Place.photo("mug.jpg")))
            }
            guard case .internal(let details)? = raised else { return XCTFail("\(raised as Any)") }
            XCTAssertEqual(details.code, "internal")
            XCTAssert(details.message.contains("injected by a test"), details.message)
        }
        let cutout = try await engine.removeBackground(.file(Place.photo("mug.jpg")))
        XCTAssertEqual(cutout.instances.count, 1)
        shows("panics")
    }

    func testAPanicThatNothingInRustCaughtIsOneToo() async {
        let raised = await packshotError { try typed { try panicUnguarded() } }
        XCTAssertEqual(raised?.kind, .internal)
        XCTAssert(raised?.message.contains("no guard") == true, "\(raised as Any)")
        XCTAssertEqual(raised?.remedy.isEmpty, false)
    }
}
