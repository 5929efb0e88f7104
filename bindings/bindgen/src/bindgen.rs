//! Writes Kotlin sources; the version of uniffi is the one that the facade is built with.

fn main() {
    uniffi::uniffi_bindgen_main();
}
