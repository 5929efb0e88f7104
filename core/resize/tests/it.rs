//! Every function, through the public interface: a unit test would compile the resampler once more, which takes a minute.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use packshot_resize::{Filter, cover, gray, gray_alpha16, gray16, plane, rgb, rgba, rgba16, whole};

#[test]
fn a_flat_picture_stays_flat_with_every_filter() {
    for filter in [Filter::Area, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos3] {
        for to in [(1, 1), (7, 3), (64, 200)] {
            let scaled = rgb(&[90; 40 * 30 * 3], (40, 30), whole((40, 30)), to, filter).unwrap();
            assert!(scaled.iter().all(|&v| v == 90), "{filter:?} to {to:?}");
        }
    }
}

#[test]
fn floats_keep_more_than_eight_bits() {
    let ramp: Vec<f32> = (0..64).map(|x| x as f32 / 1000.0).collect();
    let scaled = plane(&ramp, (64, 1), whole((64, 1)), (32, 1), Filter::Area).unwrap();
    assert!(scaled.iter().enumerate().all(|(x, value)| (value - (2 * x) as f32 / 1000.0 - 0.0005).abs() < 1e-6));
}

#[test]
fn extreme_ratios_keep_the_value() {
    for from in [(60_000, 2), (2, 60_000)] {
        let scaled = rgb(&[90; 120_000 * 3], from, whole(from), (1, 1), Filter::Lanczos3).unwrap();
        assert_eq!(scaled, [90; 3]);
        let scaled = gray16(&[40_000; 120_000], from, whole(from), (1, 1), Filter::Lanczos3).unwrap();
        assert!(scaled[0].abs_diff(40_000) <= 8, "{scaled:?}");
    }
}

#[test]
fn cover_keeps_the_centre() {
    assert_eq!(cover((200, 100), (50, 50)), (50.0, 0.0, 100.0, 100.0));
    assert_eq!(cover((100, 200), (100, 50)), (0.0, 75.0, 100.0, 50.0));
}

#[test]
fn wrong_sizes_are_errors() {
    assert!(gray(&[0; 5], (2, 2), whole((2, 2)), (1, 1), Filter::Area).is_err());
    assert!(gray(&[], (0, 2), whole((0, 2)), (1, 1), Filter::Area).is_err());
    assert!(gray(&[0; 4], (2, 2), (1.0, 1.0, 5.0, 5.0), (1, 1), Filter::Area).is_err());
}

#[test]
fn transparent_colours_do_not_bleed() {
    let pixels = [[255, 0, 0, 255], [0, 255, 0, 0]].concat();
    let scaled = rgba(&pixels, (2, 1), whole((2, 1)), (1, 1), Filter::Area).unwrap();
    assert_eq!(scaled, [255, 0, 0, 128]);
}

#[test]
fn a_hard_edge_keeps_its_colour() {
    // A disc of one colour; around it, another one that is invisible.
    let inside = |i: i32| (i % 60 - 30).pow(2) + (i / 60 - 30).pow(2) < 400;
    let pixels: Vec<u8> =
        (0..3600).flat_map(|i| if inside(i) { [200, 100, 30, 255] } else { [0, 255, 0, 0] }).collect();
    for side in [17, 23, 59, 97, 200] {
        let scaled = rgba(&pixels, (60, 60), whole((60, 60)), (side, side), Filter::Lanczos3).unwrap();
        for pixel in scaled.chunks_exact(4).filter(|pixel| pixel[3] >= 16) {
            let far = pixel.iter().zip([200, 100, 30]).map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
            assert!(far <= Some(2), "{pixel:?} at {side}");
        }
    }
}

#[test]
fn sixteen_bit_is_as_precise_as_it_can_be() {
    let pixels: Vec<u16> = (0..100).flat_map(|_| [12_345, 54_321, 1, 65_535]).collect();
    let scaled = rgba16(&pixels, (10, 10), whole((10, 10)), (7, 3), Filter::Lanczos3).unwrap();
    assert!(
        scaled
            .chunks_exact(4)
            .flatten()
            .zip([12_345, 54_321, 1, 65_535_u16].iter().cycle())
            .all(|(a, b)| a.abs_diff(*b) <= 3)
    );
    let gray: Vec<u16> = (0..100).flat_map(|_| [12_345, 30_000]).collect();
    let scaled = gray_alpha16(&gray, (10, 10), whole((10, 10)), (13, 19), Filter::Lanczos3).unwrap();
    assert!(scaled.chunks_exact(2).all(|pixel| pixel[0].abs_diff(12_345) <= 4 && pixel[1].abs_diff(30_000) <= 2));
}
