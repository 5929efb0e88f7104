import Foundation
import Packshot
import XCTest

final class CropTests: Suite {
    private let mug = Source.file(Place.photo("mug.jpg"))

    func testEverySourceGivesTheSamePart() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let data = try Data(contentsOf: Place.photo("mug.jpg"))
        let sources: [Source] = [mug, .data(data), .photo(try await Photo(data: data))]
        var results: Set<Data> = []
        for source in sources {
            let cropped = try await engine.crop(source, Crop(margin: "5%", aspect: "1:1"))
            XCTAssertEqual(cropped.photo.width, cropped.photo.height)
            XCTAssertEqual(cropped.photo.width, Int(cropped.frame.width))
            XCTAssertNotNil(cropped.subject)
            XCTAssertEqual(cropped.ran.backend?.name, "rten")
            results.insert(cropped.photo.pixels())
        }
        XCTAssertEqual(results.count, 1)
        shows("crop")
    }

    func testOptionsThatExcludeEachOtherAreRefusedAndProgressRisesTo1() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let error = await packshotError { try await engine.crop(mug, Crop(area: "0 0 9 9", margin: "0")) }
        XCTAssertEqual(error?.code, "option_invalid")
        var fractions: [Float] = []
        for try await case .progress(let report) in engine.cropping(mug, Crop(margin: "0")) {
            fractions.append(report.fraction)
        }
        XCTAssertEqual(fractions, fractions.sorted())
        XCTAssertEqual(fractions.last, 1)
        shows("crop.options")
    }
}
