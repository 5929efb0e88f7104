import Foundation
import Packshot
import XCTest

/// The README's code for photos, recipes and folders: it stands here, word by word, and runs.
final class ReadmeTests: Suite {
    private let url = Place.photo("mug.jpg")

    func testTheCodeIsTheReadmes() throws {
        let readme = try String(contentsOfFile: Place.checkout("swift/README.md"), encoding: .utf8)
        let here = try lines(String(contentsOfFile: #filePath, encoding: .utf8))
        for title in ["Larger photos", "Parts of photos", "Recipes", "A folder"] {
            let section = try XCTUnwrap(readme.components(separatedBy: "\n## \(title)\n").dropFirst().first)
            let code = section.components(separatedBy: "```swift\n")[1].components(separatedBy: "```")[0]
            XCTAssert(here.contains(lines(code)), "not in the test:\n\(code)")
        }
    }

    private func lines(_ text: String) -> String {
        text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }

    func testLargerPhotos() async throws {
        let (engine, scratch) = (try Engine.plain(cache: Scratch()), try Scratch())
        let larger = scratch.file("larger.png")
        let upscaled = try await engine.upscale(.file(url), Upscale(size: .longSide(400), denoise: 0.5))
        try await upscaled.photo.write(to: larger)
        let width = try await Photo(contentsOf: larger).width
        XCTAssertEqual(width, 400)
    }

    func testPartsOfPhotos() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let portrait = try await engine.crop(.file(url), Crop(margin: "10%", aspect: "4:5"))
        print(portrait.photo.width, portrait.photo.height, portrait.frame, portrait.subject as Any)
        XCTAssertEqual(Double(portrait.photo.width) / Double(portrait.photo.height), 0.8, accuracy: 0.01)
    }

    func testRecipes() async throws {
        let (engine, scratch) = (try Engine.plain(cache: Scratch()), try Scratch())
        let result = scratch.file("on-gray.jpg")
        let recipe = try Recipe(preset: "white-background").with(["background": "#eee"])
        let rendition = try await engine.run(recipe, on: .file(url))
        try await rendition.write(to: result)
        print(recipe.variables, rendition.format, rendition.steps.map(\.step))
        XCTAssertEqual(try Data(contentsOf: result), rendition.data())
    }

    func testAFolder() async throws {
        let (engine, scratch) = (try Engine.plain(cache: Scratch()), try Scratch())
        let (photos, results) = (url, scratch.file("results"))
        let batch = Batch(inputs: [photos.path], output: results.path)
        for try await event in engine.batching(try Recipe(preset: "transparent-png"), batch) {
            switch event {
            case .progress(let batch): print(batch.done, "of", batch.total ?? 0, "-", batch.left ?? 0, "seconds left")
            case .finished(let report): print(report.failed, "failed")
            }
        }
        XCTAssert(FileManager.default.fileExists(atPath: results.appendingPathComponent("mug.png").path))
    }
}
