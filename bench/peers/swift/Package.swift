// swift-tools-version: 6.0

import PackageDescription

let package = Package(
    name: "PackshotPeer",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "packshot", path: "../../../swift")],
    targets: [
        .executableTarget(name: "WithPackshot", dependencies: [.product(name: "Packshot", package: "packshot")])
    ],
    swiftLanguageModes: [.v6]
)
