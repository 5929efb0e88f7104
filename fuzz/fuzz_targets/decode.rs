//! Any bytes as a photo: an answer within the limits, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packshot::{DecodeOptions, Photo};

const MOST_PIXELS: u64 = 1 << 18;

fuzz_target!(|data: &[u8]| {
    let mut options = DecodeOptions::default();
    options.limits.max_pixels = MOST_PIXELS;
    options.limits.max_bytes = 1 << 20;
    options.limits.max_frames = 4;
    options.limits.max_profile_bytes = 1 << 16;
    options.limits.max_metadata_bytes = 1 << 16;
    if let Ok(photo) = Photo::decode_with(data, &options) {
        let pixels = u64::from(photo.width()) * u64::from(photo.height());
        assert!(pixels > 0 && pixels <= MOST_PIXELS, "{} x {}", photo.width(), photo.height());
    }
});
