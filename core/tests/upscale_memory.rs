//! How much memory upscaling takes beside the photo and the result. A process of its own: the peak is the process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::num::NonZeroUsize;

use packshot::{Backend, Channels, Engine, Photo, Target, Upscale};

/// The most memory that this process held so far, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// `PACKSHOT_TEST_SIDE=2500` makes a photo of 6 megapixels one of 100.
#[test]
fn working_memory_is_a_strip_and_a_tile() {
    let side: u32 = std::env::var("PACKSHOT_TEST_SIDE").map_or(600, |side| side.parse().unwrap());
    let engine = Engine::builder().backend(Backend::Rten).threads(NonZeroUsize::MIN).build().unwrap();
    let gray = |side: u32| Photo::new(side, side, Channels::Rgb, vec![90_u8; (side * side * 3) as usize]).unwrap();
    let photo = gray(side);
    // Beside strips, a factor that is not the net's own holds what its filter still needs.
    for (scale, strips) in [(4.0, 1), (3.9, 4)] {
        let settings = Upscale { target: Target::Scale(scale), ..Upscale::default() };
        engine.upscale(gray(32), &settings).unwrap();
        let before = peak();
        let large = engine.upscale(&photo, &settings).unwrap().photo;
        let result = large.width() as usize * large.height() as usize * 3;
        let working = peak().saturating_sub(before).saturating_sub(result);
        let strip = 4 * 3 * (4 * side as usize) * (4 * 256);
        let megabytes = |bytes: usize| bytes as f64 / 1e6;
        println!(
            "{side} px, {scale} times: {:.0} MB beside a result of {:.0} MB",
            megabytes(working),
            megabytes(result)
        );
        assert!(working < strips * strip + TILE, "{:.0} MB", megabytes(working));
    }
}

/// What a tile of 256 takes in a net of 32 channels, with its answer at factor 4, and rounding of the system's.
const TILE: usize = 120_000_000;
