// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import Packshot

let tools = ["remove_background", "upscale", "crop"]

extension Engine {
    /// What a tool makes of a photo, in the words of the cases.
    func made(_ tool: String, _ source: Source, _ options: Json, _ pictures: Pictures) async throws -> Json {
        switch tool {
        case "remove_background":
            return try await removeBackground(source, RemoveBackground(json: options), pictures: pictures).facts
        case "upscale":
            return try await upscale(source, Upscale(json: options)).facts
        case "crop":
            return try await crop(source, Crop(json: options)).facts
        default: throw Unspeakable(what: tool)
        }
    }
}

extension Pictures {
    /// Pictures by their names.
    init(_ open: (String) async throws -> Photo?) async throws {
        self.init()
        mask = try await open("mask")
        trimap = try await open("trimap")
        background = try await open("background")
    }
}

/// By how much a fact of a tool may differ.
func toleranceOfFact(_ name: String) -> Double {
    switch name {
    case "subject": 2.05
    case "confidence", "halo", "scale": 0.0205
    default: 0
    }
}

extension Cutout {
    var facts: Json {
        var facts = photo.facts
        facts["model"] = ran.model as Any
        facts["trimap"] = trimap != nil
        facts["subject"] = subject?.numbers as Any
        facts["frame"] = frame.numbers
        facts["instances"] = instances.count
        facts["confidence"] = Double(confidence)
        facts["halo"] = Double(halo)
        return facts
    }
}

extension Upscaled {
    var facts: Json {
        var facts = photo.facts
        facts["model"] = ran.model as Any
        facts["scale"] = scale
        return facts
    }
}

extension Cropped {
    var facts: Json {
        var facts = photo.facts
        facts["model"] = ran.model as Any
        facts["frame"] = frame.numbers
        facts["subject"] = subject?.numbers as Any
        return facts
    }
}
