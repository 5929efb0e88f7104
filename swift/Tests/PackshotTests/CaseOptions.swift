import Foundation
import Packshot

/// An option that typed options have no word for: the compiler refuses it before Packshot could.
struct Unspeakable: Error {
    let what: String
}

typealias Json = [String: Any]

func caseFile(_ name: String) throws -> [Json] {
    let data = try Data(contentsOf: Place.cases.appendingPathComponent(name))
    return try JSONSerialization.jsonObject(with: data) as? [Json] ?? []
}

func word<Word>(_ value: Any, _ words: [String: Word]) throws -> Word {
    guard let word = (value as? String).flatMap({ words[$0] }) else { throw Unspeakable(what: "\(value)") }
    return word
}

func typed<Value>(_ value: Any, _: Value.Type = Value.self) throws -> Value {
    guard let value = value as? Value else { throw Unspeakable(what: "\(value)") }
    return value
}

/// Lengths are text here; other languages also take numbers and lists of them.
func lengths(_ value: Any) throws -> String {
    switch value {
    case let text as String: text
    case let number as NSNumber: number.stringValue
    case let list as [Any]: try list.map(lengths).joined(separator: ",")
    default: throw Unspeakable(what: "\(value)")
    }
}

func color(_ value: Any) throws -> String {
    guard let samples = value as? [Int] else { return try typed(value) }
    return "#" + samples.map { String(format: "%02x", $0) }.joined()
}

extension Model {
    init(json: Any) throws {
        guard let table = json as? [String: String] else {
            self = .id(try typed(json))
            return
        }
        guard let file = table["file"] else { throw Unspeakable(what: "a model without a file") }
        let path = Place.cases.appendingPathComponent(file).path
        self = .file(ModelFile(file: path, like: table["like"], descriptor: table["descriptor"]))
    }
}

extension ImageFormat {
    var word: String? { Self.words.first { $0.value == self }?.key }
}

extension Size {
    /// `2000`, `1200x`, `x800` or `1200x800`.
    init(json: Any) throws {
        let text = "\(json)"
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { UInt32($0) }
        switch (sides.count, sides.first ?? nil, sides.last ?? nil) {
        case (1, let side?, _): self = .longSide(side)
        case (2, let width?, let height?): self = .box(width, height)
        case (2, let width?, nil): self = .width(width)
        case (2, nil, let height?): self = .height(height)
        default: throw Unspeakable(what: text)
        }
    }
}

extension Batch {
    /// With paths in these folders; the text of the table becomes a file.
    func below(photos: Scratch, results: Scratch, files: [String]) throws -> Batch {
        var batch = self
        if let text = table {
            batch.table = photos.file("table.csv").path
            try Data(text.utf8).write(to: photos.file("table.csv"))
        } else {
            batch.inputs = (inputs.isEmpty ? files : inputs).map { photos.file($0).path }
        }
        batch.output = output.map { results.file($0).path } ?? results.folder.path
        batch.report = report.map { results.file($0).path }
        batch.sheet = sheet.map { results.file($0).path }
        batch.protect = protect.map { results.file($0).path }
        return batch
    }
}

extension Recipe {
    /// The recipe of a case, with its variables set.
    init(test: Json) throws {
        let preset = test["preset"] as? String
        let recipe = try preset.map(Recipe.init(preset:)) ?? Recipe(text: test["recipe"] as? String ?? "")
        self = try recipe.with(test["variables"] as? [String: String] ?? [:])
    }
}
