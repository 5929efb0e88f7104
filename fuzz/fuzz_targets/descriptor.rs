//! Any text as a model descriptor and as a registry: an answer, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packshot::models::{Descriptor, Registry};

fuzz_target!(|text: &str| {
    let _ = Descriptor::from_toml(text);
    let _ = Registry::from_toml(text);
});
