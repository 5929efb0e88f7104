// Puts every photo of a folder through a recipe, with rate and time left, and stops at Ctrl-C; the same call
// continues where it was:
//
//     swift run Folder PHOTOS RESULTS [STOP_AFTER]

import Foundation
import Packshot

guard CommandLine.arguments.count >= 3 else {
    print("usage: Folder PHOTOS RESULTS [STOP_AFTER]")
    exit(2)
}
let (photos, results) = (CommandLine.arguments[1], CommandLine.arguments[2])
let stopAfter = CommandLine.arguments.dropFirst(3).first.flatMap { Int($0) }
let recipe = try Recipe(preset: "transparent-png")

let work = Task {
    let engine = try Engine()
    for try await event in engine.batching(recipe, Batch(inputs: [photos], output: results)) {
        switch event {
        case .progress(let batch):
            let finished = batch.done + batch.failed + batch.skipped + batch.resumed
            let rate = String(format: "%.1f", batch.rate)
            let left = batch.left.map { "\(Int($0)) s left" } ?? "time left unknown"
            print("\(finished) of \(batch.total ?? finished), \(rate) a second, \(left)")
            // One bad photo does not spoil the others.
            if let error = batch.item.error { print("\(batch.item.input): \(error.message). \(error.remedy)") }
            if batch.done == stopAfter { withUnsafeCurrentTask { $0?.cancel() } }
        case .finished(let report):
            print("\(report.done) made, \(report.resumed) there before, \(report.failed) failed")
        }
    }
}

// The signal's own action would end the process before anything could be said.
signal(SIGINT, SIG_IGN)
let interrupt = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
interrupt.setEventHandler { work.cancel() }
interrupt.resume()

do {
    try await work.value
} catch is CancellationError {
    print("stopped; every file in \(results) is complete; run the same command to continue")
} catch let error as PackshotError {
    print(error.localizedDescription, error.remedy, separator: "\n")
    exit(1)
}
