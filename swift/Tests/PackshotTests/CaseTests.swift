import Foundation
import Packshot
import XCTest

/// Every case of `bindings/cases`, run as data.
final class CaseTests: Suite {
    /// The cases that typed options cannot even say; the compiler is what refuses them.
    private let unspeakableCutouts: Set = ["option with a slip of the pen", "value with a slip of the pen"]
    private let unspeakablePhotos: Set = ["unknown limit", "unknown format"]
    private let unspeakableUpscales: Set = ["a misspelt option", "a size that is none"]
    private let unspeakableBatches: Set = ["a misspelt option"]

    func testCutouts() async throws {
        let engine = try Engine.plain(cache: Scratch())
        var ran = 0
        let unspeakable = try await run("cutouts.json") { test in
            let photo = Place.photo(test["photo"] as? String ?? "")
            let options = try RemoveBackground(json: test["options"] as? Json ?? [:])
            let pictures = try await Pictures(json: test["pictures"] as? Json)
            ran += 1
            return try await engine.removeBackground(.file(photo), options, pictures: pictures).facts
        }
        XCTAssertEqual(unspeakable, unspeakableCutouts)
        XCTAssertGreaterThan(ran, 40)
        shows("cutout", "cutout.options", "cutout.pictures", "cutout.facts", "cutout.model")
    }

    func testPhotos() async throws {
        let unspeakable = try await run("photos.json") { test in
            let decode = try Decode(json: test["decode"] as? Json ?? [:])
            let encode = try Encode(json: test["encode"] as? Json ?? [:])
            let photo = try await Photo(contentsOf: Place.photo(test["photo"] as? String ?? ""), decode)
            let again = try await Photo(data: photo.encoded(encode), decode)
            return photo.factsOfFile.merging(["again": again.factsOfFile]) { first, _ in first }
        }
        XCTAssertEqual(unspeakable, unspeakablePhotos)
        shows("photo.open", "photo.decode", "photo.limits", "photo.facts", "photo.encode")
    }

    func testUpscales() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let unspeakable = try await run("upscales.json") { test in
            let options = try Upscale(json: test["options"] as? Json ?? [:])
            return try await engine.upscale(.file(Place.photo(test["photo"] as? String ?? "")), options).facts
        }
        XCTAssertEqual(unspeakable, unspeakableUpscales)
        shows("upscale", "upscale.options")
    }

    func testRecipes() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let unspeakable = try await run("recipes.json") { test in
            let photo = Place.photo(test["photo"] as? String ?? "")
            return try await engine.run(Recipe(test: test), on: .file(photo)).facts()
        }
        XCTAssertEqual(unspeakable, [])
        shows("recipe", "recipe.variables", "recipe.run")
    }

    func testBatches() async throws {
        let engine = try Engine.plain(cache: Scratch())
        let unspeakable = try await run("batches.json") { test in
            var batch = try Batch(json: test["options"] as? Json ?? [:])
            let recipe = try Recipe(test: test)
            let (from, to) = (try Scratch(), try Scratch())
            let names = (test["files"] ?? test["inputs"]) as? [String] ?? []
            for name in names {
                try FileManager.default.copyItem(at: Place.photo(name), to: from.file(name))
            }
            if let table = test["table"] as? String {
                try Data(table.utf8).write(to: from.file("table.csv"))
                batch.table = from.file("table.csv").path
            } else {
                batch.inputs = names.map { from.file($0).path }
            }
            batch.output = to.folder.path
            let first = try await engine.batch(recipe, batch).facts(results: to.folder)
            let again = try await engine.batch(recipe, batch).counts
            return first.merging(["again": again]) { first, _ in first }
        }
        XCTAssertEqual(unspeakable, unspeakableBatches)
        shows("batch", "batch.resume")
    }

    /// Runs every case of a file and returns those that typed options cannot say.
    private func run(_ file: String, _ work: (Json) async throws -> Json) async throws -> Set<String> {
        var unspeakable: Set<String> = []
        for test in try caseFile(file) {
            let name = test["name"] as? String ?? ""
            do {
                let found = try await work(test)
                let faults = differences("", test["expect"] ?? "an error", found)
                XCTAssert(faults.isEmpty, "\(name): \(faults.prefix(5))")
            } catch is Unspeakable {
                XCTAssertEqual(test["error"] as? String, "option_invalid", name)
                unspeakable.insert(name)
            } catch {
                XCTAssertEqual((error as? PackshotError)?.code, test["error"] as? String, "\(name): \(error)")
            }
        }
        return unspeakable
    }
}
