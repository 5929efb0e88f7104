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

private func word<Word>(_ value: Any, _ words: [String: Word]) throws -> Word {
    guard let word = (value as? String).flatMap({ words[$0] }) else { throw Unspeakable(what: "\(value)") }
    return word
}

private func typed<Value>(_ value: Any, _: Value.Type = Value.self) throws -> Value {
    guard let value = value as? Value else { throw Unspeakable(what: "\(value)") }
    return value
}

/// Lengths are text here; other languages also take numbers and lists of them.
private func lengths(_ value: Any) throws -> String {
    switch value {
    case let text as String: text
    case let number as NSNumber: number.stringValue
    case let list as [Any]: try list.map(lengths).joined(separator: ",")
    default: throw Unspeakable(what: "\(value)")
    }
}

private func color(_ value: Any) throws -> String {
    guard let samples = value as? [Int] else { return try typed(value) }
    return "#" + samples.map { String(format: "%02x", $0) }.joined()
}

extension RemoveBackground {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "model": model = try Model(json: value)
            case "output":
                output = try word(
                    value,
                    [
                        "rgba": .rgba, "alpha": .alpha, "mask": .mask, "foreground": .foreground,
                        "background": .background, "trimap": .trimap,
                    ])
            case "edges": edges = try word(value, ["off": .off, "fast": .fast, "fine": .fine])
            case "decontaminate": decontaminate = try typed(value)
            case "keep_holes": keepHoles = try typed(value)
            case "solidify": solidify = try typed(value)
            case "background": background = try color(value)
            case "crop": crop = try lengths(value)
            case "region": region = try lengths(value)
            case "subject": subject = try lengths(value)
            case "instances": instances = try lengths(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Model {
    fileprivate init(json: Any) throws {
        guard let table = json as? [String: String] else {
            self = .id(try typed(json))
            return
        }
        guard let file = table["file"] else { throw Unspeakable(what: "a model without a file") }
        let path = Place.cases.appendingPathComponent(file).path
        self = .file(ModelFile(file: path, like: table["like"], descriptor: table["descriptor"]))
    }
}

extension Pictures {
    init(json: Json?) async throws {
        func open(_ name: String) async throws -> Photo? {
            guard let file = json?[name] as? String else { return nil }
            return try await Photo(contentsOf: Place.photo(file))
        }
        self.init(
            mask: try await open("mask"), trimap: try await open("trimap"), background: try await open("background"))
    }
}

private let formats: [String: ImageFormat] = [
    "jpeg": .jpeg, "png": .png, "webp": .webp, "tiff": .tiff, "avif": .avif, "heic": .heic,
]

extension ImageFormat {
    var word: String? { formats.first { $0.value == self }?.key }
}

extension Decode {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "color": color = try word(value, ["to-srgb": .toSrgb, "keep": .keep, "data": .data])
            case "max_pixels": maxPixels = try typed(value)
            case "max_bytes": maxBytes = try typed(value)
            case "max_frames": maxFrames = try typed(value)
            case "max_profile_bytes": maxProfileBytes = try typed(value)
            case "max_metadata_bytes": maxMetadataBytes = try typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Encode {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "format": format = try word(value, formats)
            case "quality": quality = try typed(value)
            case "chroma": chroma = try word(value, ["half": .half, "full": .full])
            case "lossless": lossless = try typed(value)
            case "png": png = try word(value, ["fast": .fast, "balanced": .balanced, "best": .best])
            case "background": background = try color(value)
            case "metadata": metadata = try word(value, ["strip": .strip, "keep-safe": .keepSafe, "keep": .keep])
            case "size": size = try Size(json: value)
            case "fit": fit = try word(value, ["inside": .inside, "pad": .pad, "cover": .cover])
            case "max_bytes": maxBytes = try typed(value)
            case "dpi": dpi = try typed(value)
            case "profile": profile = try word(value, ["keep": .keep, "srgb": .srgb, "none": ProfileMode.none])
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Size {
    /// `2000`, `1200x`, `x800` or `1200x800`.
    fileprivate init(json: Any) throws {
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

extension Upscale {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "model": model = try Model(json: value)
            case "scale": scale = try typed(value)
            case "size": size = try Size(json: value)
            case "denoise": denoise = try typed(value)
            case "tile": tile = try typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Batch {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "inputs": inputs = try typed(value)
            case "table": table = try typed(value)
            case "output": output = try typed(value)
            case "report": report = try typed(value)
            case "sheet": sheet = try typed(value)
            case "protect": protect = try typed(value)
            case "watch": watch = try typed(value)
            case "recursive": recursive = try typed(value)
            case "name": name = try typed(value)
            case "existing":
                existing = try word(
                    value, ["skip": .skip, "replace": .replace, "number": .number, "fail": .fail])
            case "resume": resume = try typed(value)
            case "workers": workers = try typed(value)
            case "memory": memory = try typed(value)
            case "retries": retries = try typed(value)
            case "max_failures": maxFailures = try typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }

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
