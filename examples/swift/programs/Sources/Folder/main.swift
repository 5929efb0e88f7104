// Cuts out every photo of a folder onto white, and tells how far it is. Ctrl-C stops at once:
//
//     swift run Folder PHOTOS RESULTS [STOP_AFTER]

import Foundation
import Packshot

guard CommandLine.arguments.count >= 3 else {
    print("usage: Folder PHOTOS RESULTS [STOP_AFTER]")
    exit(2)
}
let photos = try FileManager.default
    .contentsOfDirectory(at: URL(fileURLWithPath: CommandLine.arguments[1]), includingPropertiesForKeys: nil)
    .filter { ["jpg", "jpeg", "png", "webp", "tif", "tiff"].contains($0.pathExtension.lowercased()) }
    .sorted { $0.path < $1.path }
let results = URL(fileURLWithPath: CommandLine.arguments[2])
let stopAfter = CommandLine.arguments.dropFirst(3).first.flatMap { Int($0) } ?? .max
try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)

let work = Task {
    let engine = try Engine()
    for (index, photo) in photos.enumerated() {
        if index == stopAfter { withUnsafeCurrentTask { $0?.cancel() } }
        for try await event in engine.removingBackground(.file(photo), RemoveBackground(background: "white")) {
            switch event {
            case .progress(let report):
                let percent = Int(report.fraction * 100)
                print("\r\(photo.lastPathComponent): \(report.stage), \(percent) %        ", terminator: "")
                fflush(nil)
            case .finished(let cutout):
                let name = photo.deletingPathExtension().lastPathComponent + ".jpg"
                try await cutout.photo.write(to: results.appendingPathComponent(name))
                print("\r\(photo.lastPathComponent): done                 ")
            }
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
    print("\(photos.count) photos in \(results.path)")
} catch is CancellationError {
    print("\nstopped; what is in \(results.path) is whole")
}
