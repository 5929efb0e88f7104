use packshot::{Channels, Code, ImageFormat, PngCompression};
use proptest::prelude::*;

use super::{FORMATS, LOSSLESS, again, new, waves};

#[test]
fn lossy_files_take_the_highest_quality_that_fits() {
    let photo = waves(160, 120, Channels::Rgb);
    for format in [ImageFormat::Jpeg, ImageFormat::Webp] {
        let at = |quality| photo.encode(&new(format).quality(quality)).unwrap();
        for quality in [30, 31, 47, 75, 89, 90] {
            let wanted = at(quality);
            let found = photo.encode(&new(format).max_bytes(wanted.len() as u64)).unwrap();
            assert!(found.len() <= wanted.len(), "{format} {quality}");
            let reached = (quality..=90).any(|quality| at(quality) == found);
            assert!(reached, "{format}: a file of quality {quality} or more fits, and another one was taken");
        }
        assert_eq!(photo.encode(&new(format).max_bytes(u64::MAX)).unwrap(), at(90));
        let least = at(30).len() as u64;
        let missed = photo.encode(&new(format).max_bytes(least / 2)).unwrap_err();
        assert_eq!(missed.code(), Code::BudgetMissed);
        assert!(missed.message().contains("quality 30") && missed.message().contains(&least.to_string()), "{missed}");
        // A quality below the floor is taken as it is, and not lowered.
        assert_eq!(photo.encode(&new(format).quality(10).max_bytes(least)).unwrap(), at(10));
    }
}

#[test]
fn lossless_files_stay_lossless() {
    let photo = waves(160, 120, Channels::Rgba);
    for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Webp] {
        let options = new(format).lossless(true);
        let easy = photo.encode(&options).unwrap().len() as u64;
        let smaller = options.clone().max_bytes(easy - 1);
        let bytes = photo.encode(&smaller).unwrap();
        assert!((bytes.len() as u64) < easy, "{format}");
        assert_eq!(again(&photo, &smaller), photo, "{format}");
        assert_eq!(photo.encode(&options.max_bytes(easy / 10)).unwrap_err().code(), Code::BudgetMissed, "{format}");
    }
    let best = photo.encode(&new(ImageFormat::Png).png(PngCompression::Best)).unwrap();
    assert_eq!(photo.encode(&new(ImageFormat::Png).max_bytes(best.len() as u64)).unwrap().len(), best.len());
}

#[test]
fn what_concerns_png_changes_no_other_format() {
    let photo = waves(60, 40, Channels::Rgb);
    for format in [ImageFormat::Tiff, ImageFormat::Webp] {
        let options = new(format).lossless(true);
        assert_eq!(photo.encode(&options.clone().png(PngCompression::Best)).unwrap(), photo.encode(&options).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_file_is_larger_than_its_budget(
        kind in 0..FORMATS.len(), lossless in any::<bool>(), quality in 1..=100_u8, share in 5..120_u64, more in 1..4000_u64,
    ) {
        let photo = waves(96, 80, Channels::Rgb);
        let options = new(FORMATS[kind]).lossless(lossless).quality(quality);
        let whole = photo.encode(&options).unwrap().len() as u64;
        let budget = (whole * share / 100).max(1);
        let [small, large] = [budget, budget + more].map(|budget| photo.encode(&options.clone().max_bytes(budget)));
        match (&small, &large) {
            (Ok(small), Ok(large)) => {
                prop_assert!(small.len() as u64 <= budget && large.len() as u64 <= budget + more);
                // The same search twice gives the same file.
                prop_assert_eq!(&photo.encode(&options.max_bytes(budget)).unwrap(), small);
                if !LOSSLESS.contains(&FORMATS[kind]) && !lossless {
                    let far = |bytes: &[u8]| {
                        let again = packshot::Photo::decode(bytes).unwrap();
                        let (a, b) = (again.to_rgb8(), photo.to_rgb8());
                        a.iter().zip(&b).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum::<u64>()
                    };
                    prop_assert!(far(large) <= far(small) * 11 / 10 + 1000);
                }
            }
            (Ok(_), Err(error)) => prop_assert!(false, "a larger budget failed: {error}"),
            (Err(error), _) => prop_assert_eq!(error.code(), Code::BudgetMissed),
        }
    }
}
