// swift-tools-version: 6.0

import PackageDescription

let packshot: Target.Dependency = .product(name: "Packshot", package: "swift")

let package = Package(
    name: "PackshotExamples",
    platforms: [.iOS(.v15), .macOS(.v12)],
    // SwiftPM names a package after its folder, so this one may not lie in `examples/swift` itself.
    dependencies: [.package(name: "swift", path: "../../../swift")],
    targets: [
        .executableTarget(name: "CutOut", dependencies: [packshot]),
        .executableTarget(name: "Folder", dependencies: [packshot]),
        .executableTarget(name: "Enlarge", dependencies: [packshot]),
        .executableTarget(name: "CustomModel", dependencies: [packshot]),
    ],
    swiftLanguageModes: [.v6]
)
