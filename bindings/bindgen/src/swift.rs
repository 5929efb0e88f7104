//! Writes Swift sources, headers and module maps; the version of uniffi is the one that the facade is built with.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
