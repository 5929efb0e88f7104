import Foundation
import Packshot
import XCTest

/// What people read when a call is wrong: calls that the compiler accepts, and nothing else should. With the variable
/// `PACKSHOT_BLESS`, the messages of now are the right ones.
final class WrongCallTests: Suite {
    private let blessed = URL(
        fileURLWithPath: Place.checkout("swift/Tests/PackshotTests/wrong-calls.messages.txt"))
    private let mug = Place.photo("mug.jpg")
    /// What only somebody knows who has read the sources.
    private let inside = ["PackshotBindings", "Failure", "Optional(", "NSCocoa", "uniffi", "invalid type", "serde"]

    private var messages = ""

    /// Adds what a wrong call throws.
    private func wrong<T>(_ call: String, line: UInt = #line, _ work: () async throws -> T) async {
        guard let error = await packshotError(call, line: line, work) else { return }
        let words = "\(error.code): \(error.localizedDescription)\n  \(error.remedy)"
        for word in inside where words.contains(word) {
            XCTFail("\(call): \(words) is about the inside", line: line)
        }
        messages += "\(call)\n  \(words)\n\n"
    }

    func testAWrongCallSaysWhatIsWrongAndWhatToWrite() async throws {
        let scratch = try Scratch()
        let engine = try Engine.plain(cache: scratch)
        let photo = try await Photo(contentsOf: mug)
        try await photos(scratch)
        try await cutouts(engine, photo, scratch)
        await otherTools(engine, .photo(photo))
        await files(photo, scratch)
        await engines(engine, scratch)
        try await recipes(engine, scratch)

        let said = messages.replacingOccurrences(of: mug.path, with: "mug.jpg")
            .replacingOccurrences(of: scratch.folder.path, with: "FOLDER")
        if ProcessInfo.processInfo.environment["PACKSHOT_BLESS"] != nil {
            try said.write(to: blessed, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: blessed, encoding: .utf8).replacingOccurrences(of: "\r", with: "")
        // By paragraph, so that a failure shows the call and not the whole table.
        for (now, before) in zip(said.components(separatedBy: "\n\n"), expected.components(separatedBy: "\n\n")) {
            XCTAssertEqual(now, before)
        }
        XCTAssert(said == expected, "PACKSHOT_BLESS=1 accepts these messages")
    }

    private func photos(_ scratch: Scratch) async throws {
        let data = try Data(contentsOf: mug)
        let address = try XCTUnwrap(URL(string: "https://example.org/a.jpg"))
        await wrong("Photo(contentsOf: nowhere.jpg)") { try await Photo(contentsOf: scratch.file("nowhere.jpg")) }
        await wrong("Photo(contentsOf: https://example.org/a.jpg)") { try await Photo(contentsOf: address) }
        await wrong("Photo(contentsOf: a folder)") { try await Photo(contentsOf: scratch.folder) }
        await wrong("Photo(contentsOf: url, Decode(maxPixels: 9))") {
            try await Photo(contentsOf: self.mug, Decode(maxPixels: 9))
        }
        await wrong("Photo(contentsOf: url, Decode(maxBytes: 9))") {
            try await Photo(contentsOf: self.mug, Decode(maxBytes: 9))
        }
        await wrong("Photo(data: no bytes)") { try await Photo(data: Data()) }
        await wrong("Photo(data: text)") { try await Photo(data: Data("no photo".utf8)) }
        await wrong("Photo(data: half a file)") { try await Photo(data: data.prefix(900)) }
        await wrong("Photo(pixels: 3 bytes, width: 2, height: 1, channels: .rgb)") {
            try Photo(pixels: Data(count: 3), width: 2, height: 1, channels: .rgb)
        }
        await wrong("Photo(pixels: no bytes, width: 0, height: 1, channels: .rgb)") {
            try Photo(pixels: Data(), width: 0, height: 1, channels: .rgb)
        }
    }

    private func cutouts(_ engine: Engine, _ photo: Photo, _ scratch: Scratch) async throws {
        let cut = { (options: RemoveBackground) in try await engine.removeBackground(.photo(photo), options) }
        await wrong("background: \"whit\"") { try await cut(.init(background: "whit")) }
        await wrong("crop: \"5 apples\"") { try await cut(.init(crop: "5 apples")) }
        await wrong("crop: \"0.06\"") { try await cut(.init(crop: "0.06")) }
        await wrong("region: \"left\"") { try await cut(.init(region: "left")) }
        await wrong("instances: \"biggest\"") { try await cut(.init(instances: "biggest")) }
        await wrong("mask: \"nowhere.png\"") { try await cut(.init(mask: "nowhere.png")) }
        await wrong("model: .id(\"u3net\")") { try await cut(.init(model: .id("u3net"))) }
        await wrong("model: .id(\"u2net\")") { try await cut(.init(model: .id("u2net"))) }
        let file = Model.file(ModelFile(file: scratch.file("nowhere.onnx").path, like: "u2netp"))
        await wrong("model: .file(ModelFile(file: nowhere.onnx, like: \"u2netp\"))") {
            try await cut(.init(model: file))
        }
        await wrong("output: .mask, background: \"white\"") {
            try await cut(.init(output: .mask, background: "white"))
        }
        let pictures = Pictures(mask: try .boxMask(40, 30))
        await wrong("pictures: Pictures(mask: a smaller one)") {
            try await engine.removeBackground(.photo(photo), pictures: pictures)
        }
    }

    private func otherTools(_ engine: Engine, _ source: Source) async {
        await wrong("upscale(source, Upscale(scale: 100))") { try await engine.upscale(source, Upscale(scale: 100)) }
        await wrong("upscale(source, Upscale(scale: 2, size: .longSide(800)))") {
            try await engine.upscale(source, Upscale(scale: 2, size: .longSide(800)))
        }
        await wrong("upscale(source, Upscale(denoise: 2))") { try await engine.upscale(source, Upscale(denoise: 2)) }
        await wrong("crop(source, Crop())") { try await engine.crop(source, Crop()) }
        await wrong("crop(source, Crop(aspect: \"4x5\"))") { try await engine.crop(source, Crop(aspect: "4x5")) }
        await wrong("crop(source, Crop(area: \"0 0 9 9\", margin: \"0\"))") {
            try await engine.crop(source, Crop(area: "0 0 9 9", margin: "0"))
        }
    }

    private func files(_ photo: Photo, _ scratch: Scratch) async {
        await wrong("encoded(Encode(quality: 0))") { try await photo.encoded(Encode(quality: 0)) }
        await wrong("encoded(Encode(format: .heic))") { try await photo.encoded(Encode(format: .heic)) }
        await wrong("encoded(Encode(format: .jpeg, maxBytes: 10))") {
            try await photo.encoded(Encode(format: .jpeg, maxBytes: 10))
        }
        await wrong("write(to: x.gif)") { try await photo.write(to: scratch.file("x.gif")) }
        await wrong("write(to: no/such/folder/x.png)") {
            try await photo.write(to: scratch.file("no/such/folder/x.png"))
        }
    }

    private func engines(_ engine: Engine, _ scratch: Scratch) async {
        await wrong("Engine(EngineOptions(threads: 0))") { try Engine(EngineOptions(threads: 0)) }
        await wrong("Engine(EngineOptions(maxPixels: 9)).crop(.file(url), Crop(aspect: \"1\"))") {
            let strict = try Engine.plain(cache: scratch) { $0.maxPixels = 9 }
            return try await strict.crop(.file(self.mug), Crop(aspect: "1"))
        }
        await wrong("models.path(\"u3net\")") { try engine.models.path("u3net") }
    }

    private func recipes(_ engine: Engine, _ scratch: Scratch) async throws {
        let web = try Recipe(preset: "web")
        await wrong("Recipe(preset: \"whit-background\")") { try Recipe(preset: "whit-background") }
        await wrong("Recipe(text: \"steps = 7\")") { try Recipe(text: "steps = 7") }
        await wrong("web.with([\"siz\": \"800\"])") { try web.with(["siz": "800"]) }
        await wrong("batch(web, Batch(output: \"out\"))") { try await engine.batch(web, Batch(output: "out")) }
        await wrong("batch(web, Batch(inputs: [\"photos\"], output: \"out\", workers: 0))") {
            try await engine.batch(web, Batch(inputs: ["photos"], output: "out", workers: 0))
        }
    }
}
