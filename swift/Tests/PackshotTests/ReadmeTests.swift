import Foundation
import Packshot
import XCTest

/// The README's code that the guide and the repository's README show too: it stands here, word by word, and runs.
final class ReadmeTests: Suite {
    private let url = Place.photo("mug.jpg")

    func testTheCodeIsTheReadmes() throws {
        let readme = try String(contentsOfFile: Place.checkout("swift/README.md"), encoding: .utf8)
        let here = try lines(String(contentsOfFile: #filePath, encoding: .utf8))
        let titles = [
            "Options", "Larger photos", "Parts of photos", "Recipes", "A folder", "Errors", "Models, and offline",
        ]
        let sections = titles.map { readme.components(separatedBy: "\n## \($0)\n").dropFirst().first }
        for section in [readme] + sections {
            let section = try XCTUnwrap(section)
            let code = section.components(separatedBy: "```swift\n")[1].components(separatedBy: "```")[0]
            XCTAssert(here.contains(lines(code)), "not in the test:\n\(code)")
        }
    }

    /// Without indents, imports, empty lines, and the spaces that align comments.
    private func lines(_ text: String) -> String {
        let lines = text.components(separatedBy: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        return lines.filter { !$0.isEmpty && !$0.hasPrefix("import ") }.joined(separator: "\n")
    }

    func testTheFirstCutOut() async throws {
        let scratch = try Scratch()
        let result = scratch.file("cut-out.png")
        let engine = try Engine()
        let cutout = try await engine.removeBackground(.file(url))
        try await cutout.photo.write(to: result)
        XCTAssertEqual(try Data(contentsOf: result).prefix(4), Data([0x89, 0x50, 0x4E, 0x47]))
    }

    func testOptions() async throws {
        let (engine, jpeg) = (try Engine.plain(cache: Scratch()), try Data(contentsOf: url))
        var options = RemoveBackground(edges: .fine, crop: "5%")  // .fine: hair, fur and glass
        options.background = "white"
        let cutout = try await engine.removeBackground(.data(jpeg), options)
        let file = try await cutout.photo.encoded(Encode(format: .jpeg, quality: 90))
        XCTAssertEqual(file.prefix(2), Data([0xFF, 0xD8]))
    }

    func testErrors() async throws {
        let (engine, url) = (try Engine.plain(cache: Scratch()), URL(fileURLWithPath: "nowhere.jpg"))
        var cutout: Cutout?
        var shown: [String] = []
        func ask(_ question: String, _ remedy: String) { shown = [question, remedy] }
        func log(_ code: String, _ context: [String: String]) { shown = [code] + context.values }
        func alert(_ title: String, _ remedy: String) { shown += [title, remedy] }
        do {
            cutout = try await engine.removeBackground(.file(url))
        } catch PackshotError.limit(let details) {
            ask("This photo is too large.", details.remedy)
        } catch let error as PackshotError {
            log(error.code, error.context)  // photo_truncated, ["file": "a.jpg"]
            alert(error.localizedDescription, error.remedy)
        }
        XCTAssertNil(cutout)
        XCTAssertEqual(shown.first, "file_missing")
    }

    func testModels() async throws {
        let engine = try Engine.plain(cache: Scratch()) { $0.offline = true }
        func fetch() async throws {
            let models = engine.models
            for model in try models.list() { print(model.id, model.state, model.licence) }
            try await models.pull("u2netp")  // verified; models.pulling("u2netp") tells how far it is
            try await models.verify("u2netp")
        }
        let error = await packshotError { try await fetch() }
        XCTAssertEqual(error?.code, "offline")
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
