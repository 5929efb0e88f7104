// Cuts out a photo with a model of your own, an ONNX file that works like one that Packshot knows:
//
//     swift run CustomModel MODEL.onnx LIKE PHOTO RESULT.png

import Foundation
import Packshot

guard CommandLine.arguments.count == 5 else {
    print("usage: CustomModel MODEL.onnx LIKE PHOTO RESULT.png")
    exit(2)
}
let (model, like) = (CommandLine.arguments[1], CommandLine.arguments[2])
let photo = URL(fileURLWithPath: CommandLine.arguments[3])
let result = URL(fileURLWithPath: CommandLine.arguments[4])

let engine = try Engine()
var options = RemoveBackground()
options.model = .file(ModelFile(file: model, like: like))
let cutout = try await engine.removeBackground(.file(photo), options)
try await cutout.photo.write(to: result)

print("\(cutout.ran.model ?? "no model") on \(cutout.ran.backend?.name ?? "no backend")")
for stage in cutout.ran.stages {
    print("  \(stage.stage): \(Int(stage.seconds * 1000)) ms")
}
