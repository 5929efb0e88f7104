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

func say(_ words: String) {
    FileHandle.standardOutput.write(Data((words + "\n").utf8))
}

var answer = Data()
say("ready")
while let line = readLine() {
    if line == "round" {
        answer = Data()
        let begin = ContinuousClock.now
        answer = try await work()
        let time = begin.duration(to: .now) / .seconds(1)
        say("done \(time)")
    } else {
        try answer.write(to: URL(fileURLWithPath: String(line.dropFirst("save ".count))))
        say("saved")
    }
}
