import Foundation
import Packshot

extension Channels {
    var count: Int {
        switch self {
        case .gray: 1
        case .grayAlpha: 2
        case .rgb: 3
        case .rgba: 4
        }
    }
}

extension Photo {
    /// Size, kind and the grid that `bindings/cases/README.md` describes.
    var facts: Json {
        let bits = depth == .eight ? 8 : 16
        return ["width": width, "height": height, "channels": channels.count, "depth": bits, "grid": grid]
    }

    var factsOfFile: Json {
        facts.merging(["format": format?.word as Any, "exif": exif != nil]) { first, _ in first }
    }

    private var grid: [[Double]] {
        pixels().withUnsafeBytes { bytes in
            let wide = depth == .sixteen
            let sample = { (at: Int) in
                wide
                    ? Double(bytes.loadUnaligned(fromByteOffset: at * 2, as: UInt16.self)) / 257
                    : Double(bytes[at])
            }
            return (0..<16).map { cell in mean(column: cell % 4, row: cell / 4, sample) }
        }
    }

    private func mean(column: Int, row: Int, _ sample: (Int) -> Double) -> [Double] {
        var sums = Array(repeating: 0.0, count: channels.count)
        let (columns, rows) = (
            column * width / 4..<(column + 1) * width / 4, row * height / 4..<(row + 1) * height / 4
        )
        for y in rows {
            for x in columns {
                for channel in sums.indices {
                    sums[channel] += sample((y * width + x) * sums.count + channel)
                }
            }
        }
        return sums.map { $0 / Double(columns.count * rows.count) }
    }
}

extension Rect {
    var numbers: [Int] { [left, top, width, height].map(Int.init) }
}

extension Cutout {
    var facts: Json {
        let more: Json = [
            "subject": subject?.numbers as Any, "frame": frame.numbers, "instances": instances.count,
            "confidence": Double(confidence), "halo": Double(halo), "model": ran.model as Any,
        ]
        return photo.facts.merging(more) { first, _ in first }
    }
}

extension Upscaled {
    var facts: Json {
        photo.facts.merging(["model": ran.model as Any, "scale": scale]) { first, _ in first }
    }
}

extension Rendition {
    /// Of the file, decoded again.
    func facts() async throws -> Json {
        let more: Json = ["format": format.word as Any, "steps": steps.map(\.step)]
        return try await Photo(data: data()).facts.merging(more) { first, _ in first }
    }
}

extension BatchReport {
    var counts: Json { ["done": done, "failed": failed, "skipped": skipped, "resumed": resumed] }

    func facts(results: URL) throws -> Json {
        let names = try FileManager.default.contentsOfDirectory(atPath: results.path)
        let errors = failures.map { (URL(fileURLWithPath: $0.input).lastPathComponent, $0.error?.code as Any) }
        let more: Json = [
            "outputs": names.filter { $0 != ".packshot-journal" }.sorted(),
            "errors": Dictionary(errors) { first, _ in first },
        ]
        return counts.merging(more) { first, _ in first }
    }
}

/// Where two results differ by more than the tolerance of their key; empty if nowhere.
func differences(_ key: String, _ expected: Any, _ found: Any?) -> [String] {
    let tolerance =
        switch key {
        case "confidence", "halo": 0.0205
        case "scale": 0.0105
        case "grid": 2.05
        case "subject", "frame": 2.0
        default: 0.0
        }
    switch (expected, found) {
    case (let expected as Json, let found as Json):
        let keys = Set(expected.keys).symmetricDifference(found.keys).map { "\($0) is on one side only" }
        return keys + expected.flatMap { differences($0, $1, found[$0]) }
    case (let expected as [Any], let found as [Any]) where expected.count == found.count:
        return zip(expected, found).flatMap { differences(key, $0, $1) }
    case (is NSNull, .none), (is NSNull, .some(Optional<Any>.none)):
        return []
    case (let expected as String, let found as String) where expected == found:
        return []
    case (let expected as NSNumber, let found?):
        let value = (found as? Double) ?? (found as? Int).map(Double.init) ?? (found as? Bool).map { $0 ? 1 : 0 }
        if let value, abs(expected.doubleValue - value) <= tolerance { return [] }
    default: break
    }
    return ["\(key) is \(found ?? "absent"), not \(expected)"]
}
