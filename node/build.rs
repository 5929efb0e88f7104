//! Tells the linker that Node itself brings what the addon calls.

fn main() {
    napi_build::setup();
}
