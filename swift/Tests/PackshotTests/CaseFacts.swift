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
    /// What a picture is like, in the words of `bindings/cases/README.md`.
    var facts: Json {
        let bits = depth == .eight ? 8 : 16
        let (grid, detail) = withSamples { sample in
            ((0..<16).map { cell in mean(column: cell % 4, row: cell / 4, sample) }, steps(sample))
        }
        return [
            "width": width, "height": height, "channels": channels.count, "depth": bits, "grid": grid, "detail": detail,
        ]
    }

    /// What a photo that was read is like.
    var factsOfReading: Json {
        let more: Json = [
            "format": format?.word as Any, "exif": exif?.count as Any, "profile": profile?.count as Any,
        ]
        return facts.merging(more) { first, _ in first }
    }

    private func withSamples<Result>(_ work: ((Int) -> Double) -> Result) -> Result {
        pixels().withUnsafeBytes { bytes in
            let wide = depth == .sixteen
            return work { (at: Int) in
                wide
                    ? Double(bytes.loadUnaligned(fromByteOffset: at * 2, as: UInt16.self)) / 257
                    : Double(bytes[at])
            }
        }
    }

    /// By how much neighbours in a row differ, as a mean of each channel.
    private func steps(_ sample: (Int) -> Double) -> [Double] {
        var sums = Array(repeating: 0.0, count: channels.count)
        for y in 0..<height {
            for at in (y * width + 1) * sums.count..<(y + 1) * width * sums.count {
                sums[at % sums.count] += abs(sample(at) - sample(at - sums.count))
            }
        }
        return sums.map { $0 / Double(max((width - 1) * height, 1)) }
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

extension Data {
    /// What a file that was written is like.
    func factsOfFile() async throws -> Json {
        let more: Json = ["bytes": count, "dpi": dpi as Any]
        return try await Photo(data: self, Decode(color: .keep)).factsOfReading.merging(more) { first, _ in first }
    }

    /// Dots per inch in the first segment of a JPEG.
    private var dpi: Int? {
        let isPerInch = dropFirst(6).prefix(4) == Data("JFIF".utf8) && self[startIndex + 13] == 1
        return isPerInch ? Int(self[startIndex + 14]) * 256 + Int(self[startIndex + 15]) : nil
    }
}

extension Rect {
    var numbers: [Int] { [Int(left), Int(top), Int(width), Int(height)] }
}

extension Rendition {
    /// Of the file, decoded again.
    func facts() async throws -> Json {
        try await data().factsOfFile().merging(["steps": steps.map(\.step)]) { first, _ in first }
    }
}

extension BatchReport {
    var counts: Json { ["done": done, "failed": failed, "skipped": skipped, "resumed": resumed] }

    func facts(results: URL) async throws -> Json {
        let failures = failures.map { item in
            (URL(fileURLWithPath: item.input).lastPathComponent, [item.error?.code as Any, item.attempts])
        }
        let more: Json = [
            "failures": Dictionary(failures) { first, _ in first }, "stopped": stopped?.code as Any,
            "results": try await sizes(results),
        ]
        return counts.merging(more) { first, _ in first }
    }

    /// The files in a folder, with width and height of those that are photos.
    private func sizes(_ folder: URL) async throws -> Json {
        var sizes: Json = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let file = folder.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
            if isFolder.boolValue || file.lastPathComponent.hasPrefix(".") { continue }
            let photo = try? await Photo(contentsOf: file)
            sizes[name] = photo.map { [$0.width, $0.height] } as Any
        }
        return sizes
    }
}

/// Where two results differ by more than the tolerance of their key; empty if nowhere.
func differences(_ key: String, _ expected: Any, _ found: Any?) -> [String] {
    let tolerance =
        switch key {
        case "grid": 2.05
        case "detail", "bytes": max(0.03 * ((expected as? NSNumber)?.doubleValue ?? 0), 0.1)
        default: toleranceOfFact(key)
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
