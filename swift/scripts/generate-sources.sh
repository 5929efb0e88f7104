#!/bin/sh
# Writes the Swift sources, the C header and the module map of the Rust library into Sources/.
#
#     scripts/generate-sources.sh LIBRARY
#
# LIBRARY is a build of the crate packshot-mobile (.so, .dylib or .a) that is not stripped. PACKSHOT_BINDGEN may name the
# program uniffi-bindgen-swift; otherwise it is built.
set -eu

library=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
swift=$(cd "$(dirname "$0")/.." && pwd)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

cd "$swift/.."
bindgen() {
    if [ -n "${PACKSHOT_BINDGEN:-}" ]; then
        "$PACKSHOT_BINDGEN" "$@"
    else
        "${CARGO:-cargo}" run --quiet -p packshot-bindgen --bin uniffi-bindgen-swift -- "$@"
    fi
}
bindgen --swift-sources --headers --modulemap --modulemap-filename module.modulemap --module-name PackshotFFI \
    "$library" "$made"

# Files that did not change keep their time, so that nothing is compiled again.
put() {
    mkdir -p "$2"
    cmp -s "$made/$1" "$2/$1" || cp "$made/$1" "$2/$1"
}
put PackshotBindings.swift "$swift/Sources/PackshotBindings"
put PackshotFFI.h "$swift/Sources/PackshotFFI"
put module.modulemap "$swift/Sources/PackshotFFI"
