import Foundation
import Packshot
import XCTest

/// Only in the soak, which says how many calls: a thousand of them must not make the process grow. The highest values of
/// both halves are compared, because an allocator keeps a few megabytes now and then, and gives them back.
final class MemoryTests: Suite {
    func testMemoryStaysFlat() async throws {
        guard let calls = ProcessInfo.processInfo.environment["PACKSHOT_SOAK_CALLS"].flatMap(Int.init) else {
            throw XCTSkip("PACKSHOT_SOAK_CALLS is not set")
        }
        let engine = try Engine.plain(cache: Scratch())
        let bytes = try Data(contentsOf: Place.photo("mug.jpg"))
        var highest = [0, 0]
        for call in 1...calls {
            let cutout = try await engine.removeBackground(.data(bytes))
            XCTAssertEqual(cutout.photo.pixels().count, 320 * 272 * 4)
            _ = try await cutout.photo.encoded()
            let half = call > calls / 2 ? 1 : 0
            highest[half] = max(highest[half], try resident())
            if call % (calls / 10) == 0 { print("memory: \(try resident() >> 20) MiB after \(call) calls") }
        }
        let growth = highest[1] - highest[0]
        print("memory: the second half added \(growth / (1 << 20)) MiB")
        XCTAssertLessThan(growth, 8 << 20)
    }

    /// Bytes of this process in memory.
    private func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return try XCTUnwrap(Int(pages)) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
