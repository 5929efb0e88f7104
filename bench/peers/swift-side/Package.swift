// swift-tools-version: 6.0

import PackageDescription

// SwiftPM names a package after its folder, so this one may not lie in `peers/swift`.
let package = Package(
    name: "PackshotPeer",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "swift", path: "../../../swift")],
    targets: [
        .executableTarget(name: "WithPackshot", dependencies: [.product(name: "Packshot", package: "swift")])
    ],
    swiftLanguageModes: [.v6]
)
