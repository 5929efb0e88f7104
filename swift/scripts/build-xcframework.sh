#!/bin/sh
# Builds PackshotFFI.xcframework beside Package.swift, which then uses it, and the zip of it for a release:
#
#     scripts/build-xcframework.sh
#
# Needs macOS with Xcode, and rustup. The Rust library is packed as a static framework: a bare static library could not
# carry the privacy manifest, and a module map at the top of Headers would collide with that of another XCFramework.
set -eu

swift=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$swift/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The oldest systems, as in Package.swift.
ios=15.0
macos=12.0

build() {
    rustup target add "$1"
    (cd "$root" && IPHONEOS_DEPLOYMENT_TARGET=$ios MACOSX_DEPLOYMENT_TARGET=$macos \
        cargo rustc --release -p packshot-mobile --lib --crate-type staticlib --target "$1")
}

# framework TARGET FOLDER_OF_CONTENTS FOLDER_OF_RESOURCES PLATFORM OLDEST_KEY OLDEST
framework() {
    mkdir -p "$2/Headers" "$2/Modules" "$3"
    cp "$target/$1/release/libpackshot_mobile.a" "$2/PackshotFFI"
    cp "$swift/Sources/PackshotFFI/PackshotFFI.h" "$2/Headers/"
    printf 'framework module PackshotFFI {\n    header "PackshotFFI.h"\n    export *\n}\n' > "$2/Modules/module.modulemap"
    cp "$swift/Sources/Packshot/PrivacyInfo.xcprivacy" "$3/"
    cat > "$3/Info.plist" <<PLIST
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>CFBundleExecutable</key>
	<string>PackshotFFI</string>
	<key>CFBundleIdentifier</key>
	<string>io.github.packshot.PackshotFFI</string>
	<key>CFBundleName</key>
	<string>PackshotFFI</string>
	<key>CFBundlePackageType</key>
	<string>FMWK</string>
	<key>CFBundleShortVersionString</key>
	<string>$version</string>
	<key>CFBundleSupportedPlatforms</key>
	<array>
		<string>$4</string>
	</array>
	<key>CFBundleVersion</key>
	<string>$version</string>
	<key>$5</key>
	<string>$6</string>
</dict>
</plist>
PLIST
}

# On iOS a framework is flat; on macOS its contents are a version that links point to.
flat() {
    framework "$1" "$work/$1/PackshotFFI.framework" "$work/$1/PackshotFFI.framework" "$2" MinimumOSVersion $ios
}
versioned() {
    whole=$work/$1/PackshotFFI.framework
    framework "$1" "$whole/Versions/A" "$whole/Versions/A/Resources" "$2" LSMinimumSystemVersion $macos
    ln -s A "$whole/Versions/Current"
    for part in PackshotFFI Headers Modules Resources; do
        ln -s "Versions/Current/$part" "$whole/$part"
    done
}

# No simulator on Intel: ort, through which ONNX Runtime is used, knows none.
build aarch64-apple-ios
build aarch64-apple-ios-sim
build aarch64-apple-darwin
"$swift/scripts/generate-sources.sh" "$target/aarch64-apple-darwin/release/libpackshot_mobile.a"
flat aarch64-apple-ios iPhoneOS
flat aarch64-apple-ios-sim iPhoneSimulator
versioned aarch64-apple-darwin MacOSX

cd "$swift"
rm -rf PackshotFFI.xcframework
xcodebuild -create-xcframework \
    -framework "$work/aarch64-apple-ios/PackshotFFI.framework" \
    -framework "$work/aarch64-apple-ios-sim/PackshotFFI.framework" \
    -framework "$work/aarch64-apple-darwin/PackshotFFI.framework" \
    -output PackshotFFI.xcframework

# The same bytes for the same contents: sorted, and with one time for all.
zip=$target/PackshotFFI-$version.xcframework.zip
rm -f "$zip"
find PackshotFFI.xcframework -exec touch -h -t 200001010000 {} +
find PackshotFFI.xcframework | LC_ALL=C sort | zip -q -X -y -@ "$zip"
echo "$zip"
swift package compute-checksum "$zip"
