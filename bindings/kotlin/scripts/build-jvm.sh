#!/usr/bin/env bash
# Builds Packshot for this machine and installs it into the local Maven repository: build-jvm.sh [words for Maven]
set -euo pipefail
cd "$(dirname "$0")/../../.."

case "$(uname -s)" in
    Linux) system=linux library=libpackshot_mobile.so strip=--strip-unneeded ;;
    Darwin) system=darwin library=libpackshot_mobile.dylib strip=-x ;;
    *)
        echo "This script knows Linux and macOS." >&2
        exit 1
        ;;
esac
case "$(uname -m)" in
    x86_64) machine=x86-64 ;;
    arm64 | aarch64) machine=aarch64 ;;
    *)
        echo "Packshot needs a 64-bit machine." >&2
        exit 1
        ;;
esac

cargo build --release -p packshot-mobile
cargo build -p packshot-bindgen --bin uniffi-bindgen
target=${CARGO_TARGET_DIR:-target}
build=bindings/kotlin/target
natives=$build/natives/$system-$machine
rm -rf "$build/generated" "$natives"
mkdir -p "$build/generated" "$natives"
"$target/debug/uniffi-bindgen" generate --language kotlin --no-format --out-dir "$build/generated" "$target/release/$library"
strip "$strip" -o "$natives/$library" "$target/release/$library"

cd bindings/kotlin
# The tests want a library that can be made to fail: `cargo xtask test kotlin` runs them.
mvn -B -q install -Dmaven.test.skip "-Dpackshot.platform=$system-$machine" "$@"
echo "io.github.packshot:packshot-jvm is in the local Maven repository."
