// swift-tools-version: 6.0

import Foundation
import PackageDescription

// On Apple's platforms scripts/build-xcframework.sh puts the Rust library here; elsewhere the linker finds it.
let framework = "PackshotFFI.xcframework"
let isFramework = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(framework)")
let library: Target =
    isFramework
    ? .binaryTarget(name: "PackshotFFI", path: framework)
    : .systemLibrary(name: "PackshotFFI")
let linking: [LinkerSetting] =
    isFramework
    ? [.linkedFramework("Security"), .linkedFramework("CoreFoundation")]
    : [.linkedLibrary("packshot_mobile")]

let package = Package(
    name: "Packshot",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "Packshot", targets: ["Packshot"])
    ],
    targets: [
        library,
        // Written by scripts/generate-sources.sh, not in git.
        .target(name: "PackshotBindings", dependencies: ["PackshotFFI"], linkerSettings: linking),
        .target(
            name: "Packshot",
            dependencies: ["PackshotBindings"],
            resources: [.copy("PrivacyInfo.xcprivacy")]
        ),
        .testTarget(
            name: "PackshotTests", dependencies: ["Packshot", "PackshotBindings"],
            exclude: ["wrong-calls.messages.txt"]),
    ],
    swiftLanguageModes: [.v6]
)
