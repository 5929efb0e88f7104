import Foundation
import Packshot
import XCTest

/// Every case of `bindings/cases`, run as data.
final class CaseTests: Suite {
    func testTools() async throws {
        let engine = try Engine.plain(cache: Scratch())
        for tool in tools {
            try await run("tools/\(tool).json") { test in
                let source = Source.file(Place.photo(test["photo"] as? String ?? ""))
                let given = test["pictures"] as? [String: String] ?? [:]
                let pictures = try await Pictures { name in
                    guard let file = given[name] else { return nil }
                    return try await Photo(contentsOf: Place.photo(file))
                }
                return try await engine.made(tool, source, test["options"] as? Json ?? [:], pictures)
            }
            shows(tool, "\(tool).options")
        }
        shows("cutout.pictures", "cutout.facts", "cutout.model")
    }

    func testPhotos() async throws {
        try await run("photos.json") { test in
            let decode = try Decode(json: test["decode"] as? Json ?? [:])
            let encode = try Encode(json: test["encode"] as? Json ?? [:])
            let photo = try await Photo(contentsOf: Place.photo(test["photo"] as? String ?? ""), decode)
            let file = try await photo.encoded(encode).factsOfFile()
            return photo.factsOfReading.merging(["file": file]) { first, _ in first }
        }
        shows("photo.open", "photo.decode", "photo.limits", "photo.facts", "photo.encode")
    }

    func testRecipes() async throws {
        let engine = try Engine.plain(cache: Scratch())
        try await run("recipes.json") { test in
            let photo = Place.photo(test["photo"] as? String ?? "")
            return try await engine.run(Recipe(test: test), on: .file(photo)).facts()
        }
        shows("recipe", "recipe.variables", "recipe.run")
    }

    func testBatches() async throws {
        let engine = try Engine.plain(cache: Scratch())
        try await run("batches.json") { test in
            let (photos, results) = (try Scratch(), try Scratch())
            let files = test["files"] as? [String] ?? []
            try prepare(photos, files, results, test["standing"] as? [String] ?? [])
            let options = try Batch(json: test["options"] as? Json ?? [:])
            let batch = try options.below(photos: photos, results: results, files: files)
            let recipe = try Recipe(test: test)
            let first = try await engine.batch(recipe, batch).facts(results: results.folder)
            let again = try await engine.batch(recipe, batch).counts
            return first.merging(["again": again]) { first, _ in first }
        }
        shows("batch", "batch.resume")
    }

    /// Puts the photos of a batch into one folder, and what stands in its way into the other.
    private func prepare(_ photos: Scratch, _ files: [String], _ results: Scratch, _ standing: [String]) throws {
        for name in files {
            let copy = photos.file(name)
            try FileManager.default.createDirectory(
                at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Place.photo(copy.lastPathComponent), to: copy)
        }
        for name in standing {
            if name.hasSuffix("/") {
                try FileManager.default.createDirectory(at: results.file(name), withIntermediateDirectories: true)
            } else {
                try Data("was here before".utf8).write(to: results.file(name))
            }
        }
    }

    /// Runs every case of a file. A case has to hold, and not without any of its options: one that got lost on the way would
    /// show. What typed options cannot say, and the compiler refuses, is marked as such; nothing else is.
    private func run(_ file: String, _ work: (Json) async throws -> Json) async throws {
        // Many cases are the same once an option is taken away.
        var known: [Data: Outcome] = [:]
        func outcome(_ test: Json) async throws -> Outcome {
            let given = test.filter { !["name", "expect", "error", "untyped"].contains($0.key) }
            let key = try JSONSerialization.data(withJSONObject: given, options: .sortedKeys)
            if let outcome = known[key] { return outcome }
            let outcome = await Outcome { try await work(test) }
            known[key] = outcome
            return outcome
        }
        let tests = try caseFile(file)
        XCTAssertFalse(tests.isEmpty, file)
        for test in tests {
            let name = test["name"] as? String ?? ""
            let found = try await outcome(test)
            if case .unspeakable = found {
                XCTAssertEqual(test["error"] as? String, "option_invalid", name)
                XCTAssertEqual(test["untyped"] as? Bool, true, name)
                continue
            }
            XCTAssertNil(test["untyped"], name)
            let faults = found.differences(from: test)
            XCTAssert(faults.isEmpty, "\(name): \(faults.prefix(5))")
            for (option, mutant) in mutants(test) {
                let without = try await outcome(mutant)
                XCTAssertFalse(without.differences(from: test).isEmpty, "\(name): passes without \(option)")
            }
        }
    }
}

/// What came out of a case.
private enum Outcome {
    case facts(Json)
    case error(String)
    case unspeakable

    init(_ work: () async throws -> Json) async {
        do {
            self = .facts(try await work())
        } catch is Unspeakable {
            self = .unspeakable
        } catch {
            self = .error((error as? PackshotError)?.code ?? "\(error)")
        }
    }

    func differences(from test: Json) -> [String] {
        switch self {
        case .facts(let facts): PackshotTests.differences("", test["expect"] ?? "an error", facts)
        case .error(let code): test["error"] as? String == code ? [] : ["the error \(code)"]
        case .unspeakable: ["cannot be said"]
        }
    }
}

/// The case without each of its options; of a table, such as that of a model, also without each of its keys.
private func mutants(_ test: Json) -> [(String, Json)] {
    var mutants: [(String, Json)] = []
    for group in ["options", "pictures", "decode", "encode", "variables"] {
        let options = test[group] as? Json ?? [:]
        func mutant(_ option: String, _ value: Any?) -> Json {
            var (mutant, mutated) = (test, options)
            mutated[option] = value
            mutant[group] = mutated
            return mutant
        }
        for (option, value) in options {
            mutants.append((option, mutant(option, nil)))
            guard let table = value as? Json, table.count > 1 else { continue }
            for key in table.keys {
                mutants.append(("\(option).\(key)", mutant(option, table.filter { $0.key != key })))
            }
        }
    }
    return mutants
}
