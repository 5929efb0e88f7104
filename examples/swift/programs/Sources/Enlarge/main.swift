// Makes a photo larger:
//
//     swift run Enlarge PHOTO RESULT.png FACTOR

import Foundation
import Packshot

guard CommandLine.arguments.count == 4, let factor = Double(CommandLine.arguments[3]) else {
    print("usage: Enlarge PHOTO RESULT.png FACTOR")
    exit(2)
}
let photo = URL(fileURLWithPath: CommandLine.arguments[1])
let result = URL(fileURLWithPath: CommandLine.arguments[2])

do {
    let engine = try Engine()
    let upscaled = try await engine.upscale(.file(photo), Upscale(scale: factor))
    try await upscaled.photo.write(to: result)
    print("\(upscaled.photo.width) x \(upscaled.photo.height) pixels, with \(upscaled.ran.model ?? "no model")")
} catch let error as PackshotError {
    print(error.localizedDescription, error.remedy, separator: "\n")
    exit(1)
}
