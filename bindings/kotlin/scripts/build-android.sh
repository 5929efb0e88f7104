#!/usr/bin/env bash
# Builds the Android library: build-android.sh [words for Gradle]
#
# Needs the NDK r28 or later in ANDROID_NDK_HOME, the SDK in ANDROID_HOME, Gradle, and the targets:
#   rustup target add aarch64-linux-android x86_64-linux-android
#
# Two ABIs: phones and tablets that Packshot is fast enough on have 64 bits, and emulators are x86_64. 32-bit ARM is left
# out: its address space is small for photos of 50 megapixels, and nobody here has a device to test on.
set -euo pipefail
cd "$(dirname "$0")/../../.."

readonly MIN_SDK=26
: "${ANDROID_NDK_HOME:?the folder of the NDK, r28 or later}"
: "${ANDROID_HOME:?the folder of the Android SDK}"
revision=$(sed -n 's/^Pkg.Revision *= *\([0-9]*\).*/\1/p' "$ANDROID_NDK_HOME/source.properties")
if [ "${revision:-0}" -lt 28 ]; then
    echo "The NDK is r${revision:-?}; r28 or later is needed, for pages of 16 KB." >&2
    exit 1
fi
case "$(uname -s)" in
    Darwin) host=darwin-x86_64 ;;
    *) host=linux-x86_64 ;;
esac
tools=$ANDROID_NDK_HOME/toolchains/llvm/prebuilt/$host/bin

target=${CARGO_TARGET_DIR:-target}
build=bindings/kotlin/target/android
rm -rf "$build"
mkdir -p "$build/generated"

# abi: the Rust target
build_abi() {
    local abi=$1 triple=$2
    local clang=$tools/$triple$MIN_SDK-clang
    local upper=${triple//-/_}
    env "CC_$upper=$clang" "AR_$upper=$tools/llvm-ar" \
        "CARGO_TARGET_$(tr '[:lower:]' '[:upper:]' <<<"$upper")_LINKER=$clang" \
        cargo build --release -p packshot-mobile --target "$triple"
    mkdir -p "$build/jniLibs/$abi"
    "$tools/llvm-strip" --strip-unneeded -o "$build/jniLibs/$abi/libpackshot_mobile.so" \
        "$target/$triple/release/libpackshot_mobile.so"
}
build_abi arm64-v8a aarch64-linux-android
build_abi x86_64 x86_64-linux-android
bindings/kotlin/scripts/check-page-size.sh "$build"/jniLibs/*/*.so

cargo build -p packshot-bindgen --bin uniffi-bindgen
"$target/debug/uniffi-bindgen" generate --language kotlin --no-format --out-dir "$build/generated" \
    "$target/aarch64-linux-android/release/libpackshot_mobile.so"

cd bindings/kotlin/android
gradle assembleRelease "$@"
echo "$PWD/build/outputs/aar/packshot-android-release.aar"
