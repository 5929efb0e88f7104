// Cuts out every photo of a folder, shows progress, and stops at Ctrl-C:
//
//     swift run Folder PHOTOS RESULTS [STOP_AFTER]

import Foundation
import Packshot

guard CommandLine.arguments.count >= 3 else {
    print("usage: Folder PHOTOS RESULTS [STOP_AFTER]")
    exit(2)
}
let results = URL(fileURLWithPath: CommandLine.arguments[2])
let stopAfter = CommandLine.arguments.dropFirst(3).first.flatMap { Int($0) }
let photos = try FileManager.default
    .contentsOfDirectory(at: URL(fileURLWithPath: CommandLine.arguments[1]), includingPropertiesForKeys: nil)
    .filter { ["jpg", "png"].contains($0.pathExtension) }
    .sorted { $0.path < $1.path }
try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)

let work = Task {
    let engine = try Engine()
    for (index, photo) in photos.enumerated() {
        if index == stopAfter { withUnsafeCurrentTask { $0?.cancel() } }
        let name = photo.deletingPathExtension().lastPathComponent
        do {
            for try await event in engine.removingBackground(.file(photo), .init(edges: .fine, crop: "5%")) {
                switch event {
                case .progress(let report):
                    print("\r\(name): \(report.stage), \(Int(report.fraction * 100)) %      ", terminator: "")
                    fflush(nil)
                case .finished(let cutout):
                    try await cutout.photo.write(to: results.appendingPathComponent("\(name).png"))
                    print("\r\(name): \(cutout.photo.width) x \(cutout.photo.height) pixels      ")
                }
            }
        } catch let error as PackshotError {
            // One bad photo does not end the work.
            print("\r\(name): \(error.localizedDescription). \(error.remedy)")
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
    print("\nstopped; every file in \(results.path) is whole")
}
