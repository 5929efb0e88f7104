//! Room in memory, shared by all photos in flight.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use packshot_api::Recipe;

use crate::error::Result;
use crate::photo::Photo;
use crate::run::CancelToken;

/// Bytes that a pixel of the input takes at the worst moment. A cut-out with fine edges takes about 16 (12 million pixels:
/// 223 MB for the whole process), decoding a progressive CMYK JPEG 20.
const BYTES_PER_PIXEL: u64 = 24;
/// Bytes that a pixel added by upscaling takes: two copies with alpha, and the encoder's.
const BYTES_PER_ADDED_PIXEL: u64 = 16;
/// What a photo takes whatever its size: the model's tensors.
const BYTES_PER_PHOTO: u64 = 64 << 20;
/// The compressed file is taken to hold so many pixels a byte where its header says nothing.
const PIXELS_PER_BYTE: u64 = 8;

/// The bytes that making a result of this file takes, by its header and the recipe's steps.
pub(super) fn cost(file: &[u8], recipe: &Recipe) -> u64 {
    let bytes = file.len() as u64;
    let photo = Photo::size_of(file).unwrap_or_else(|| {
        let side = bytes.saturating_mul(PIXELS_PER_BYTE).isqrt();
        (u32::try_from(side).unwrap_or(u32::MAX), u32::try_from(side).unwrap_or(u32::MAX))
    });
    let count = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    let pixels = count(photo);
    let most = recipe.estimate(photo, |_, _, _| 0).steps.iter().map(|step| count(step.output)).max();
    let added = most.unwrap_or(0).saturating_sub(pixels);
    bytes
        .saturating_add(BYTES_PER_PHOTO)
        .saturating_add(pixels.saturating_mul(BYTES_PER_PIXEL))
        .saturating_add(added.saturating_mul(BYTES_PER_ADDED_PIXEL))
}

/// Hands out room, first come, first served.
pub(super) struct Budget {
    size: u64,
    used: Mutex<Used>,
    freed: Condvar,
}

#[derive(Default)]
struct Used {
    bytes: u64,
    photos: u64,
    peak: u64,
}

/// Room for one photo, until dropped.
pub(super) struct Room<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    pub(super) fn new(size: u64) -> Self {
        Self { size, used: Mutex::default(), freed: Condvar::new() }
    }

    /// Waits until there is room. What is larger than all of it waits until nothing else is in flight.
    pub(super) fn take(&self, bytes: u64, cancel: &CancelToken) -> Result<Room<'_>> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while used.photos > 0 && used.bytes.saturating_add(bytes) > self.size {
            cancel.check()?;
            used = self.freed.wait_timeout(used, Duration::from_millis(50)).unwrap_or_else(PoisonError::into_inner).0;
        }
        used.photos += 1;
        used.bytes += bytes;
        used.peak = used.peak.max(used.bytes);
        Ok(Room { budget: self, bytes })
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let mut used = self.budget.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.photos -= 1;
        used.bytes -= self.bytes;
        drop(used);
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use packshot_api::{Step, Upscale};

    use super::*;
    use crate::error::Code;

    #[test]
    fn never_more_is_admitted_than_there_is_but_one_that_is_too_large() {
        let budget = Budget::new(100);
        let (cancel, alone) = (CancelToken::new(), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let (budget, cancel, alone) = (&budget, &cancel, &alone);
                scope.spawn(move || {
                    for round in 0..200 {
                        let bytes = 10 + (thread * 37 + round * 13) % 80;
                        let _room = budget.take(bytes, cancel).unwrap();
                        alone.fetch_add(bytes, Ordering::SeqCst);
                        std::thread::yield_now();
                        assert!(alone.fetch_sub(bytes, Ordering::SeqCst) <= 100);
                    }
                });
            }
        });
        assert!(budget.used.lock().unwrap().peak <= 100);
        let large = budget.take(1000, &cancel).unwrap();
        cancel.cancel();
        assert_eq!(budget.take(1, &cancel).map(drop).unwrap_err().code(), Code::Cancelled, "it runs alone");
        drop(large);
        assert!(budget.take(1, &cancel).is_ok());
    }

    #[test]
    fn the_header_says_what_a_photo_costs() {
        let photo = Photo::new(200, 100, crate::photo::Channels::Rgb, vec![0_u8; 60_000]).unwrap();
        let file = photo.encode(&crate::photo::EncodeOptions::new(crate::photo::ImageFormat::Png)).unwrap();
        let recipe = Recipe::default();
        let plain = cost(&file, &recipe);
        assert_eq!(plain, BYTES_PER_PHOTO + 20_000 * BYTES_PER_PIXEL + file.len() as u64);
        let larger = Recipe { steps: vec![Step::Upscale(Upscale::default())], ..recipe };
        assert_eq!(cost(&file, &larger) - plain, 60_000 * BYTES_PER_ADDED_PIXEL);
        let size = Some(packshot_api::Size::LongSide(1600));
        let to_a_size = Recipe { steps: vec![Step::Upscale(Upscale { size, ..Upscale::default() })], ..larger };
        assert_eq!(cost(&file, &to_a_size) - plain, (1600 * 800 - 20_000) * BYTES_PER_ADDED_PIXEL);
    }
}
