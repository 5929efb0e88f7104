// Packshot itself, from Swift: what it costs to cross the boundary. The words are those of with_packshot.py, and
// bench/src/serve.rs says what the orders mean.

import Foundation
import Packshot

let words = CommandLine.arguments
let engine = try Engine(EngineOptions(backend: .rten))
let data = try Data(contentsOf: URL(fileURLWithPath: words[2]))

func work() async throws -> Data {
    if words[1] == "bytes" {
        return try await engine.removeBackground(.data(data)).photo.encoded()
    }
    let photo = try Photo(pixels: data, width: Int(words[3])!, height: Int(words[4])!, channels: .rgb)
    return try await engine.removeBackground(.photo(photo)).photo.pixels()
}

/// The slowest answer to a cancel of a round, in seconds.
func cancelled() async throws -> Double {
    var slowest = 0.0
    for wait in [5, 40, 90, 160, 250] as [UInt64] {
        let task = Task { try await engine.removeBackground(.data(data), .init(edges: .fine)) }
        try await Task.sleep(nanoseconds: wait * 1_000_000)
        let begin = ContinuousClock.now
        task.cancel()
        let result = await task.result
        slowest = max(slowest, begin.duration(to: .now) / .seconds(1))
        if case .success = result { fatalError("the work was done before \(wait) ms") }
    }
    return slowest
}

func say(_ words: String) {
    FileHandle.standardOutput.write(Data((words + "\n").utf8))
}

var answer = Data()
say("ready")
while let line = readLine() {
    if line == "round" {
        answer = Data()
        if words[1] == "cancel" {
            say("done \(try await cancelled())")
            continue
        }
        let begin = ContinuousClock.now
        answer = try await work()
        let time = begin.duration(to: .now) / .seconds(1)
        say("done \(time)")
    } else {
        try answer.write(to: URL(fileURLWithPath: String(line.dropFirst("save ".count))))
        say("saved")
    }
}
