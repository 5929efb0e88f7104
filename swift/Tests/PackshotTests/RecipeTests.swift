import Foundation
import Packshot
import XCTest

import func PackshotBindings.injectFault

final class RecipeTests: Suite {
    private let mug = Source.file(Place.photo("mug.jpg"))

    private let text = """
        schema = "packshot.recipe/1"
        name = "Small"
        description = "A small picture."

        [variables]
        side = 64
        format = "webp"

        [[steps]]
        export = { format = "${format}", size = "${side}" }
        """

    func testARecipeIsReadAndWritten() throws {
        let recipe = try Recipe(text: text)
        XCTAssertEqual([recipe.name, recipe.description], ["Small", "A small picture."])
        let scratch = try Scratch()
        let file = scratch.file("small.toml")
        try Data(text.utf8).write(to: file)
        for other in try [Recipe(contentsOf: file), Recipe(text: recipe.toml), Recipe(text: recipe.json)] {
            XCTAssertEqual(other.hash, recipe.hash)
            XCTAssertEqual(other.name, "Small")
        }
        XCTAssertEqual(recipe.hash.count, 64)

        let presets = try Recipe.presets
        XCTAssert(presets.contains { $0.name == "white-background" })
        for preset in presets {
            let recipe = try Recipe(preset: preset.name)
            XCTAssertEqual(recipe.description, preset.description)
            XCTAssertEqual(recipe.hash, try Recipe(text: preset.text).hash)
        }
        shows("recipe")
    }

    func testVariablesAreSeenAndSet() async throws {
        let recipe = try Recipe(text: text)
        XCTAssertEqual(recipe.variables, ["side": "64", "format": "webp"])
        let other = try recipe.with(["side": "32"])
        XCTAssertEqual(other.variables, ["side": "32", "format": "webp"])
        XCTAssertEqual(recipe.variables["side"], "64")
        XCTAssertNotEqual(recipe.hash, other.hash)
        XCTAssertEqual(recipe.hash, try other.with(["side": "64"]).hash)
        for fault in [["colour": "red"], ["side": "large"], ["format": "gif"]] {
            let error = await packshotError("\(fault)") { try recipe.with(fault) }
            XCTAssertEqual(error?.code, "recipe_invalid", "\(fault)")
        }
        shows("recipe.variables")
    }

    func testAFaultNamesItsLine() async throws {
        let bad = text.replacingOccurrences(of: "format = \"$", with: "fromat = \"$")
        let error = await packshotError { try Recipe(text: bad) }
        guard case .option(let details)? = error else { return XCTFail("\(error as Any)") }
        XCTAssertEqual(details.code, "recipe_invalid")
        XCTAssertEqual(details.context["line"], "10")
        XCTAssert(details.message.contains("fromat"), details.message)
        let scratch = try Scratch()
        let file = scratch.file("bad.toml")
        try Data("steps = [".utf8).write(to: file)
        let named = await packshotError { try Recipe(contentsOf: file) }
        XCTAssertEqual(named?.context["file"], file.path)
        let missing = await packshotError { try Recipe(contentsOf: scratch.file("nowhere.toml")) }
        XCTAssertEqual(missing?.code, "file_missing")
        let unknown = await packshotError { try Recipe(preset: "nothing") }
        XCTAssert(unknown?.message.contains("web") == true, "\(unknown as Any)")
    }

    func testARecipeMakesAFile() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let rendition = try await engine.run(Recipe(preset: "transparent-png"), on: mug)
        XCTAssertEqual(rendition.format, .png)
        XCTAssertEqual(rendition.steps.first?.step, "remove_background")
        XCTAssertEqual(rendition.steps.first?.ran.model, "packshot-matte-2")
        XCTAssert(rendition.steps.allSatisfy { $0.width > 0 && $0.height > 0 && $0.seconds > 0 })
        XCTAssertEqual(rendition.photo.channels, .rgba)
        let scratch = try Scratch()
        let file = scratch.file("mug.png")
        try await rendition.write(to: file)
        XCTAssertEqual(try Data(contentsOf: file), rendition.data())
        let error = await packshotError { try await rendition.write(to: scratch.file("nowhere/mug.png")) }
        XCTAssertEqual(error?.kind, .file)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path), ["mug.png"])
        shows("recipe.run")
    }

    func testARunIsWatched() async throws {
        let engine = try Engine.plain(cache: Scratch())
        var reports: [ProgressReport] = []
        var result: Rendition?
        for try await event in engine.running(try Recipe(preset: "white-background"), on: mug) {
            switch event {
            case .progress(let report): reports.append(report)
            case .finished(let rendition): result = rendition
            }
        }
        XCTAssertEqual(reports.map(\.fraction), reports.map(\.fraction).sorted())
        XCTAssertEqual([reports.first?.stage, reports.last?.stage], [.decode, .encode])
        XCTAssertEqual(result?.format, .jpeg)
    }

    func testAStepThatFailsIsAnError() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let recipe = try Recipe(text: text)
        try injectFault(stage: .encode, code: "disk_full")
        let full = await packshotError { try await engine.run(recipe, on: mug) }
        XCTAssertEqual(full?.code, "disk_full")
        try injectFault(stage: .encode, code: nil)
        let panic = await packshotError { try await engine.run(recipe, on: mug) }
        XCTAssertEqual(panic?.kind, .internal)
        let again = try await Photo(data: engine.run(recipe, on: mug).data())
        XCTAssertEqual(again.width, 64)
    }

    func testFilesGetTheSizeThatWasAskedFor() async throws {
        let photo = try await Photo(contentsOf: Place.photo("mug.jpg"))
        for size in [Size.longSide(100), .width(100), .height(85), .box(100, 900)] {
            let small = try await Photo(data: photo.encoded(Encode(size: size)))
            XCTAssertEqual([small.width, small.height], [100, 85], "\(size)")
        }
        let square = Encode(format: .jpeg, background: "white", size: .box(120, 120), fit: .pad)
        let padded = try await Photo(data: photo.encoded(square))
        XCTAssertEqual([padded.width, padded.height], [120, 120])
        let bounded = try await photo.encoded(Encode(format: .jpeg, maxBytes: 8000))
        XCTAssertLessThanOrEqual(bounded.count, 8000)
        let plain = try await photo.encoded(Encode(profile: ProfileMode.none))
        let dense = try await photo.encoded(Encode(dpi: 300, profile: .srgb))
        XCTAssertGreaterThan(dense.count, plain.count)
        XCTAssertNotNil(dense.range(of: Data("pHYs".utf8)))
        let error = await packshotError { try await photo.encoded(Encode(dpi: 0)) }
        XCTAssertEqual(error?.code, "option_invalid")
        shows("export")
    }
}
