import Foundation
import Packshot
import XCTest

import func PackshotBindings.injectFault

final class UpscaleTests: Suite {
    private let mug = Source.file(Place.photo("mug.jpg"))

    func testEverySourceGivesTheSame() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let data = try Data(contentsOf: Place.photo("mug.jpg"))
        let sources: [Source] = [mug, .data(data), .photo(try await Photo(data: data))]
        var results: Set<Data> = []
        for source in sources {
            let upscaled = try await engine.upscale(source)
            XCTAssertEqual([upscaled.photo.width, upscaled.photo.height], [640, 544])
            XCTAssertEqual(upscaled.scale, 2)
            XCTAssertEqual(upscaled.ran.backend?.name, "rten")
            XCTAssert(upscaled.ran.stages.map(\.stage).contains(.inference))
            results.insert(upscaled.photo.pixels())
        }
        XCTAssertEqual(results.count, 1)
        shows("upscale")
    }

    func testSizesAreOfOneSideOrBoth() async throws {
        let engine = try Engine.plain(cache: Scratch())
        for size in [Size.longSide(400), .width(400), .height(340), .box(400, 900)] {
            let photo = try await engine.upscale(mug, Upscale(size: size)).photo
            XCTAssertEqual([photo.width, photo.height], [400, 340], "\(size)")
        }
        let error = await packshotError { try await engine.upscale(mug, Upscale(scale: 9)) }
        XCTAssertEqual(error?.code, "option_invalid")
        let empty = await packshotError { try await engine.upscale(.data(Data())) }
        XCTAssertEqual(empty?.code, "photo_empty")
        shows("upscale.options")
    }

    func testProgressRisesAndThePhotoIsLast() async throws {
        let engine = try Engine.plain(cache: Scratch())
        var fractions: [Float] = []
        var result: Upscaled?
        for try await event in engine.upscaling(mug, Upscale(tile: 64)) {
            XCTAssertNil(result, "something came after the end")
            switch event {
            case .progress(let report): fractions.append(report.fraction)
            case .finished(let upscaled): result = upscaled
            }
        }
        XCTAssertEqual(fractions, fractions.sorted())
        XCTAssertEqual([fractions.first, fractions.last], [0, 1])
        XCTAssertGreaterThan(Set(fractions).count, 4)
        XCTAssertEqual(result?.photo.width, 640)
    }

    func testACancelledTaskIsAnsweredAtOnce() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let photo = try Photo.box(4000, 3000)
        let time = await milliseconds(
            until: engine.upscaling(.photo(photo), Upscale(scale: 4)), isCancelledAt: 0.001)
        print("upscaling was cancelled after \(String(format: "%.1f", time)) ms")
        XCTAssertLessThan(time, 2000)
        _ = try await engine.upscale(mug)
    }

    func testAPanicIsAnError() async throws {
        let engine = try Engine.plain(cache: Scratch())
        try injectFault(stage: .inference, code: nil)
        let error = await packshotError { try await engine.upscale(mug) }
        XCTAssertEqual(error?.kind, .internal)
        XCTAssert(error?.message.contains("injected by a test") == true, "\(error as Any)")
        _ = try await engine.upscale(mug)
    }
}
