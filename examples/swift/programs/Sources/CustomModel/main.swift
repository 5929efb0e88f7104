// Runs an ONNX model of your own:
//
//     swift run CustomModel MODEL.onnx PHOTO RESULT.png
//
// The descriptor says how the model wants its input and gives its output. If it works like one that Packshot knows,
// `ModelFile(file: model, like: "u2netp")` says it all.

import Foundation
import Packshot

guard CommandLine.arguments.count == 4 else {
    print("usage: CustomModel MODEL.onnx PHOTO RESULT.png")
    exit(2)
}
let model = CommandLine.arguments[1]
let photo = URL(fileURLWithPath: CommandLine.arguments[2])
let result = URL(fileURLWithPath: CommandLine.arguments[3])

let descriptor = """
    [input]
    size = { fixed = [384, 384] }        # width, height
    mean = [0.485, 0.456, 0.406]
    std = [0.229, 0.224, 0.225]

    [output]
    activation = "none"                  # its answer lies between 0 and 1 already
    """

let engine = try Engine()
let options = RemoveBackground(model: .file(ModelFile(file: model, descriptor: descriptor)))
let cutout = try await engine.removeBackground(.file(photo), options)
try await cutout.photo.write(to: result)

for stage in cutout.ran.stages {
    print("\(stage.stage): \(Int(stage.seconds * 1000)) ms")
}
