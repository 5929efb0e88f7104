use packshot::{Channels, Depth, Fit, ImageFormat, Photo, Samples, Size};
use proptest::prelude::*;

use super::{FORMATS, LOSSLESS, again, new, waves};

const CHANNELS: [Channels; 4] = [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];

fn flat(width: u32, height: u32, channels: Channels, pixel: &[u8]) -> Photo {
    Photo::new(width, height, channels, pixel.repeat((width * height) as usize)).unwrap()
}

fn pixel(photo: &Photo, x: u32, y: u32) -> &[u8] {
    let count = photo.channels().count();
    &photo.as_u8().unwrap()[(y * photo.width() + x) as usize * count..][..count]
}

#[test]
fn each_form_of_a_size_means_what_it_says() {
    let photo = waves(90, 60, Channels::Rgb);
    for (size, fit, expected) in [
        (Size::LongSide(30), Fit::Inside, (30, 20)),
        (Size::LongSide(91), Fit::Inside, (90, 60)),
        (Size::Width(45), Fit::Inside, (45, 30)),
        (Size::Width(500), Fit::Inside, (90, 60)),
        (Size::Height(1), Fit::Inside, (2, 1)),
        (Size::Height(20), Fit::Inside, (30, 20)),
        (Size::Box(45, 45), Fit::Inside, (45, 30)),
        (Size::Box(1000, 6), Fit::Inside, (9, 6)),
        (Size::Box(90, 60), Fit::Inside, (90, 60)),
        (Size::LongSide(33), Fit::Pad, (33, 33)),
        (Size::Box(100, 31), Fit::Pad, (100, 31)),
        (Size::LongSide(200), Fit::Cover, (200, 200)),
        (Size::Box(7, 50), Fit::Cover, (7, 50)),
        (Size::Box(90, 60), Fit::Cover, (90, 60)),
    ] {
        for format in FORMATS {
            let saved = again(&photo, &new(format).size(size, fit));
            assert_eq!((saved.width(), saved.height()), expected, "{size} {fit} {format}");
        }
    }
    assert_eq!(again(&photo, &new(ImageFormat::Png).size(Size::Box(90, 60), Fit::Pad)), photo);
}

#[test]
fn padding_is_clear_white_or_the_background() {
    let red = flat(40, 20, Channels::Rgba, &[255, 0, 0, 255]);
    let size = |format| new(format).size(Size::LongSide(40), Fit::Pad);
    for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Webp] {
        let saved = again(&red, &size(format).lossless(true));
        assert_eq!((pixel(&saved, 0, 0)[3], pixel(&saved, 20, 39)[3]), (0, 0), "{format}");
        assert_eq!((pixel(&saved, 0, 10), pixel(&saved, 39, 29)), (&[255, 0, 0, 255][..], &[255, 0, 0, 255][..]));
        assert_eq!((pixel(&saved, 0, 9)[3], pixel(&saved, 39, 30)[3]), (0, 0), "{format}");
        let saved = again(&red, &size(format).lossless(true).background([0, 0, 255]));
        assert_eq!(pixel(&saved, 7, 3), [0, 0, 255, 255], "{format}");
    }
    // JPEG has no alpha: white, or the background, both around the photo and through it.
    let near = |found: &[u8], wanted: [u8; 3]| found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 6);
    let clear = flat(40, 20, Channels::Rgba, &[255, 0, 0, 0]);
    for (background, wanted) in [(None, [255; 3]), (Some([10, 200, 90]), [10, 200, 90])] {
        let mut options = size(ImageFormat::Jpeg);
        options.background = background;
        let saved = again(&clear, &options);
        assert!(near(pixel(&saved, 3, 3), wanted) && near(pixel(&saved, 20, 20), wanted));
    }
    let opaque = flat(20, 40, Channels::Rgb, &[9, 9, 9]);
    assert_eq!(pixel(&again(&opaque, &size(ImageFormat::Png)), 0, 0), [255, 255, 255]);
}

#[test]
fn gray_stays_gray_unless_the_padding_has_a_colour() {
    let gray = flat(10, 20, Channels::Gray, &[77]);
    let size = new(ImageFormat::Png).size(Size::LongSide(20), Fit::Pad);
    let saved = again(&gray, &size);
    assert_eq!((saved.channels(), pixel(&saved, 0, 0), pixel(&saved, 10, 10)), (Channels::Gray, &[255][..], &[77][..]));
    let saved = again(&gray, &size.clone().background([50; 3]));
    assert_eq!((saved.channels(), pixel(&saved, 0, 0)), (Channels::Gray, &[50][..]));
    let saved = again(&gray, &size.clone().background([50, 0, 0]));
    assert_eq!(
        (saved.channels(), pixel(&saved, 0, 0), pixel(&saved, 10, 9)),
        (Channels::Rgb, &[50, 0, 0][..], &[77; 3][..])
    );
    let both = flat(10, 20, Channels::GrayAlpha, &[77, 90]);
    let saved = again(&both, &size.background([50, 0, 0]));
    assert_eq!((pixel(&saved, 0, 0), pixel(&saved, 9, 9)), (&[50, 0, 0, 255][..], &[77, 77, 77, 90][..]));
}

#[test]
fn sixteen_bit_and_every_kind_of_channels_survive() {
    for (channels, format) in CHANNELS.into_iter().flat_map(|channels| LOSSLESS.map(|format| (channels, format))) {
        let ramp = |i: usize| [i as u16 * 13, 40_000, 65_535 - i as u16 * 5, 65_535];
        let take = |pixel: [u16; 4]| match channels {
            Channels::Gray => pixel[..1].to_vec(),
            Channels::GrayAlpha => vec![pixel[0], 65_535],
            Channels::Rgb => pixel[..3].to_vec(),
            Channels::Rgba => pixel.to_vec(),
        };
        let samples: Vec<u16> = (0..4000).flat_map(|i| take(ramp(i % 80 * 40))).collect();
        let photo = Photo::new(80, 50, channels, samples).unwrap();
        let saved = again(&photo, &new(format).size(Size::Width(40), Fit::Inside));
        assert_eq!((saved.channels(), saved.depth(), saved.height()), (channels, Depth::Sixteen, 25));
        let Samples::U16(samples) = saved.samples() else { unreachable!() };
        // Column 20 covers columns 40 and 41 of the ramp: values between those of eight bits.
        let expected = take(ramp(1620));
        let found = &samples[(40 * 12 + 20) * channels.count()..][..channels.count()];
        assert!(
            found.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 20),
            "{channels:?}: {found:?}, {expected:?}"
        );
    }
}

#[test]
fn hard_alpha_edges_have_no_fringe() {
    // A light disc, and black where nothing is.
    let inside = |i: i32| (i % 100 - 50).pow(2) + (i / 100 - 50).pow(2) < 1600;
    let disc: Vec<u8> = (0..10_000).flat_map(|i| if inside(i) { [230, 200, 150, 255] } else { [0; 4] }).collect();
    let disc = Photo::new(100, 100, Channels::Rgba, disc).unwrap();
    for side in [31, 64, 99, 180] {
        let saved = again(&disc, &new(ImageFormat::Png).size(Size::LongSide(side), Fit::Cover));
        let mut edge = 0;
        for pixel in saved.as_u8().unwrap().chunks_exact(4).filter(|pixel| pixel[3] >= 16) {
            edge += usize::from(pixel[3] < 240);
            assert!(pixel.iter().zip([230, 200, 150]).all(|(a, b)| a.abs_diff(b) <= 2), "{pixel:?} at {side}");
        }
        assert!(edge > 20, "the edge is soft");
    }
}

#[test]
fn covering_keeps_the_middle() {
    // Three stripes; a square keeps only the one in the middle.
    let stripes = |i: u32| [[255, 0, 0], [0, 255, 0], [0, 0, 255]][(i % 90 / 30) as usize];
    let photo = Photo::new(90, 30, Channels::Rgb, (0..2700).flat_map(stripes).collect::<Vec<u8>>()).unwrap();
    let saved = again(&photo, &new(ImageFormat::Png).size(Size::LongSide(30), Fit::Cover));
    assert!(saved.as_u8().unwrap().chunks_exact(3).all(|pixel| pixel == [0, 255, 0]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn sizes_are_exact(
        from in (1_u32..200, 1_u32..200), to in (1_u32..200, 1_u32..200), kind in 0..4_usize, wide in any::<bool>(),
    ) {
        let channels = CHANNELS[kind];
        let count = (from.0 * from.1) as usize * channels.count();
        let samples = if wide { Samples::U16(vec![33_000; count]) } else { Samples::U8(vec![128; count]) };
        let photo = Photo::new(from.0, from.1, channels, samples).unwrap();
        let saved = |size, fit| {
            let saved = again(&photo, &new(ImageFormat::Png).size(size, fit));
            assert_eq!((saved.channels(), saved.depth()), (channels, photo.depth()));
            (saved.width(), saved.height())
        };
        for fit in [Fit::Pad, Fit::Cover] {
            prop_assert_eq!(saved(Size::Box(to.0, to.1), fit), to);
            prop_assert_eq!(saved(Size::LongSide(to.0), fit), (to.0, to.0));
        }
        let inside = saved(Size::Box(to.0, to.1), Fit::Inside);
        prop_assert!(inside.0 <= to.0.min(from.0) && inside.1 <= to.1.min(from.1));
        prop_assert!(inside == from || inside.0 == to.0 || inside.1 == to.1);
        let long = saved(Size::LongSide(to.0), Fit::Inside);
        prop_assert_eq!(long.0.max(long.1), to.0.min(from.0.max(from.1)));
        prop_assert_eq!(saved(Size::Width(to.0), Fit::Inside).0, to.0.min(from.0));
        prop_assert_eq!(saved(Size::Height(to.1), Fit::Inside).1, to.1.min(from.1));
    }
}
