// Cuts out one photo:
//
//     swift run CutOut PHOTO RESULT.png

import Foundation
import Packshot

guard CommandLine.arguments.count == 3 else {
    print("usage: CutOut PHOTO RESULT.png")
    exit(2)
}
let photo = URL(fileURLWithPath: CommandLine.arguments[1])
let result = URL(fileURLWithPath: CommandLine.arguments[2])

do {
    let engine = try Engine()
    let cutout = try await engine.removeBackground(.file(photo), RemoveBackground(edges: .fine, crop: "5%"))
    try await cutout.photo.write(to: result)
    print("\(cutout.photo.width) x \(cutout.photo.height) pixels, confidence \(cutout.confidence)")
} catch let error as PackshotError {
    print(error.localizedDescription, error.remedy, separator: "\n")
    exit(1)
}
