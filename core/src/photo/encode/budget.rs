//! The budget of bytes: searches for the best file that is small enough.

use super::EncodeOptions;
use crate::error::{Code, Error, Result};
use crate::photo::{ImageFormat, PngCompression};

/// The lowest quality that the search tries; below it, blocks show. A lower quality that was asked for is not raised.
const FLOOR: u8 = 30;

/// The best file within `options.max_bytes`; `write` makes one.
///
/// A larger budget never gives a lower quality, even if an encoder makes a larger file at a lower one: searches with
/// different budgets try the same qualities in the same order, and diverge only where the larger budget goes up.
pub(super) fn within(options: &EncodeOptions, write: impl Fn(&EncodeOptions) -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let bytes = write(options)?;
    let Some(most) = options.max_bytes else { return Ok(bytes) };
    let fits = |bytes: &Vec<u8>| bytes.len() as u64 <= most;
    if fits(&bytes) {
        return Ok(bytes);
    }
    let (best, least, how) = match lossless(options) {
        true => harder(options, bytes.len(), fits, write)?,
        false => lower(options, bytes.len(), fits, write)?,
    };
    best.ok_or_else(|| {
        let message = format!("the {} takes {least} bytes {how}, and may take {most}", options.format);
        Error::new(Code::BudgetMissed, message)
    })
}

fn lossless(options: &EncodeOptions) -> bool {
    match options.format {
        ImageFormat::Png | ImageFormat::Tiff => true,
        ImageFormat::Webp => options.lossless,
        _ => false,
    }
}

/// The file if one fits, the size of the smallest attempt, and a description of it.
type Fitted = (Option<Vec<u8>>, usize, String);

fn harder(
    options: &EncodeOptions,
    mut least: usize,
    fits: impl Fn(&Vec<u8>) -> bool,
    write: impl Fn(&EncodeOptions) -> Result<Vec<u8>>,
) -> Result<Fitted> {
    let levels = [PngCompression::Balanced, PngCompression::Best];
    let done = PngCompression::ALL.iter().position(|level| *level == options.png).unwrap_or_default();
    for level in levels.into_iter().skip(done) {
        let bytes = write(&options.clone().png(level))?;
        least = least.min(bytes.len());
        if fits(&bytes) {
            return Ok((Some(bytes), least, String::new()));
        }
    }
    Ok((None, least, "without loss".to_owned()))
}

fn lower(
    options: &EncodeOptions,
    mut least: usize,
    fits: impl Fn(&Vec<u8>) -> bool,
    write: impl Fn(&EncodeOptions) -> Result<Vec<u8>>,
) -> Result<Fitted> {
    let floor = FLOOR.min(options.quality);
    // Qualities below `low` are known or assumed to fit; those at or above `high` do not.
    let (mut low, mut high, mut best) = (floor, options.quality, None);
    while low < high {
        let quality = low.midpoint(high);
        let bytes = write(&options.clone().quality(quality))?;
        least = bytes.len();
        if fits(&bytes) {
            best = Some(bytes);
            low = quality + 1;
        } else {
            high = quality;
        }
    }
    Ok((best, least, format!("at quality {floor}, the lowest that is tried")))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// What a search does with files of these sizes by quality: the quality, or `None`, and how many were written.
    fn search(options: &EncodeOptions, size: impl Fn(u8) -> usize) -> (Option<u8>, usize) {
        let count = Cell::new(0);
        let written = within(options, |options| {
            count.set(count.get() + 1);
            let mut bytes = vec![0; size(options.quality)];
            bytes[0] = options.quality;
            Ok(bytes)
        });
        (written.ok().map(|bytes| bytes[0]), count.get())
    }

    #[test]
    fn the_highest_quality_that_fits_is_found_in_eight_steps() {
        for format in [ImageFormat::Jpeg, ImageFormat::Webp, ImageFormat::Avif] {
            for wanted in 1..=100 {
                for budget in 1..=110 {
                    let options = EncodeOptions::new(format).quality(wanted).max_bytes(budget);
                    let (found, count) = search(&options, usize::from);
                    let expected = (wanted.min(FLOOR)..=wanted).rev().find(|quality| u64::from(*quality) <= budget);
                    assert_eq!(found, expected, "{wanted} within {budget}");
                    assert!(count <= 8, "{count} encodings");
                }
            }
        }
    }

    #[test]
    fn larger_budgets_never_lower_the_quality() {
        // Sizes that go up and down.
        let sizes = |quality: u8| usize::from(quality) * 3 + usize::from(quality.wrapping_mul(97) % 40) + 1;
        let quality = |budget| search(&EncodeOptions::new(ImageFormat::Jpeg).max_bytes(budget), sizes).0;
        assert!((1..=400).map(quality).is_sorted());
        assert_eq!(quality(400), Some(90));
    }

    #[test]
    fn lossless_files_are_pressed_harder_and_never_lossy() {
        let by_level = |budget: u64, first: PngCompression| {
            within(&EncodeOptions::new(ImageFormat::Png).png(first).max_bytes(budget), |options| {
                assert_eq!(options.quality, 90);
                let size = match options.png {
                    PngCompression::Fast => 30,
                    PngCompression::Balanced => 20,
                    PngCompression::Best => 10,
                };
                Ok(vec![0; size])
            })
        };
        assert_eq!(by_level(30, PngCompression::Fast).unwrap().len(), 30);
        assert_eq!(by_level(29, PngCompression::Fast).unwrap().len(), 20);
        assert_eq!(by_level(19, PngCompression::Balanced).unwrap().len(), 10);
        let missed = by_level(9, PngCompression::Best).unwrap_err();
        assert_eq!(missed.code(), Code::BudgetMissed);
        assert_eq!(missed.message(), "the png takes 10 bytes without loss, and may take 9");
    }
}
