import Foundation
import Packshot
import XCTest

/// A test that writes down which concepts of `bindings/README.md` it shows, once it has passed.
class Suite: XCTestCase {
    private var shown: [String] = []

    func shows(_ concepts: String...) {
        shown += concepts
    }

    override func tearDownWithError() throws {
        guard testRun?.totalFailureCount == 0, let record = Place.parity else { return }
        let file = try FileHandle(forWritingTo: record)
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(shown.map { $0 + "\n" }.joined().utf8))
    }

    /// The error that `work` throws as Packshot's own type.
    func packshotError<T>(
        _ about: String = "", line: UInt = #line, _ work: () async throws -> T
    ) async -> PackshotError? {
        do {
            _ = try await work()
            XCTFail("\(about): no error", line: line)
        } catch let error as PackshotError {
            return error
        } catch {
            XCTFail("\(about): \(error) is not a PackshotError", line: line)
        }
        return nil
    }

    /// The milliseconds that a task waits for its answer after it is cancelled, which happens when its work has come to
    /// this share. By progress and not by time: a fast machine is done before a slow one has begun.
    func milliseconds<Success>(
        until events: Events<Event<Success>>, isCancelledAt share: Float, line: UInt = #line
    ) async -> Double {
        let (reached, tell) = AsyncStream<Void>.makeStream()
        let task = Task {
            defer { tell.finish() }
            for try await case .progress(let report) in events where report.fraction >= share { tell.yield() }
        }
        for await _ in reached { break }
        let begin = DispatchTime.now().uptimeNanoseconds
        task.cancel()
        await isCancelled(line: line) { try await task.value }
        return Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6
    }

    /// Whether `work` throws what Swift's tasks throw when they are cancelled.
    func isCancelled<T>(line: UInt = #line, _ work: () async throws -> T) async {
        do {
            _ = try await work()
            XCTFail("not cancelled", line: line)
        } catch {
            XCTAssert(error is CancellationError, "\(error)", line: line)
        }
    }
}

/// What the suite finds in its environment.
enum Place {
    static let cases = URL(fileURLWithPath: variable("PACKSHOT_CASES") ?? checkout("bindings/cases"))
    static let parity = variable("PACKSHOT_PARITY").map { URL(fileURLWithPath: $0) }
    static let server = variable("PACKSHOT_TEST_SERVER")
    static let onnxruntime = variable("PACKSHOT_TEST_ORT")

    static func photo(_ name: String) -> URL { cases.appendingPathComponent("photos/\(name)") }

    static func checkout(_ path: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../\(path)")
            .standardizedFileURL.path
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A folder that is deleted when the test lets go of it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("packshot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
}

/// What ONNX Runtime looks at before it sends anything, before and after the first engine of this process.
struct TelemetryVariable {
    let before = value()
    let after: String?

    static let seen = Self()

    private init() {
        _ = try? Engine()
        after = Self.value()
    }

    private static func value() -> String? {
        getenv("ORT_DISABLE_TELEMETRY").map { String(cString: $0) }
    }
}

extension Engine {
    /// An engine with the built-in backend, and no models but its own.
    static func plain(cache: Scratch, _ change: (inout EngineOptions) -> Void = { _ in }) throws -> Engine {
        _ = TelemetryVariable.seen
        var options = EngineOptions(backend: .rten, cacheDir: cache.folder.path)
        change(&options)
        return try Engine(options)
    }
}

extension Photo {
    /// A bright box with a coarse pattern on a gray ground.
    static func box(_ width: Int, _ height: Int) throws -> Photo {
        var ground = Data()
        var subject = Data()
        for x in 0..<width {
            let pixel = [90 + x % 7, 90 + x % 5, 100 + x % 3].map(UInt8.init)
            ground += pixel
            subject += width / 4..<width * 3 / 4 ~= x ? [230, UInt8(120 + x / 8 % 90), 20] : pixel
        }
        var pixels = Data(capacity: width * height * 3)
        for y in 0..<height {
            pixels.append(height / 4..<height * 3 / 4 ~= y ? subject : ground)
        }
        return try Photo(pixels: pixels, width: width, height: height, channels: .rgb)
    }

    /// White where the box of `box` is.
    static func boxMask(_ width: Int, _ height: Int) throws -> Photo {
        let inside = { (x: Int, y: Int) in
            width / 4..<width * 3 / 4 ~= x && height / 4..<height * 3 / 4 ~= y
        }
        let pixels = (0..<height).flatMap { y in (0..<width).map { x in inside(x, y) ? UInt8(255) : 0 } }
        return try Photo(pixels: Data(pixels), width: width, height: height, channels: .gray)
    }
}

/// A cut-out that takes milliseconds: no model runs.
func quickCutout(_ engine: Engine) async throws -> Cutout {
    let pictures = Pictures(mask: try .boxMask(40, 30))
    return try await engine.removeBackground(.photo(.box(40, 30)), .init(edges: .off), pictures: pictures)
}
