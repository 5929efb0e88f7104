//! TIFF as others write it: files by libtiff, Pillow and tifffile of pictures that formulas give; see `data/tiff/README.md`.

use std::path::Path;

use packshot::{Channels, Code, NoteCode, Photo};

use super::*;
use crate::common::outside;

const WIDTH: u32 = 31;
const HEIGHT: u32 = 21;

fn open(name: &str) -> Photo {
    Photo::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiff").join(name)).expect(name)
}

fn pixels<const N: usize>(pixel: impl Fn(u32, u32) -> [u8; N]) -> Vec<u8> {
    (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect()
}

fn rgb(x: u32, y: u32) -> [u8; 3] {
    [x * 8, y * 12, x * 3 + y * 2].map(|sample| sample as u8)
}

fn largest_difference(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn black_and_white_in_every_packing_and_bit_order() {
    let expected = pixels(|x, y| [if (x * 7 + y * 13 + x * y) % 5 < 2 { 255 } else { 0 }]);
    for name in ["fax4", "fax4_low", "fax3", "fax3_2d", "fax_rows", "bits_low", "packbits_low"] {
        let photo = open(&format!("{name}.tif"));
        assert_eq!((photo.channels(), photo.width(), photo.height()), (Channels::Gray, WIDTH, HEIGHT), "{name}");
        assert_eq!(photo.as_u8().unwrap(), expected, "{name}");
    }
}

#[test]
fn a_damaged_fax_is_an_error_and_no_guess() {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiff/fax4.tif")).unwrap();
    let expected = open("fax4.tif");
    // The codes stand between the header and the directory.
    for at in 8..40 {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x5a;
        match Photo::decode(&bytes) {
            Ok(photo) => assert_eq!((photo.width(), photo.height()), (expected.width(), expected.height())),
            Err(error) => assert!(matches!(error.code(), Code::PhotoCorrupt | Code::PhotoTruncated), "{error:?}"),
        }
    }
}

#[test]
fn a_palette_becomes_its_colours() {
    let expected = pixels(|x, y| {
        let index = (x * 3 + y * 2) as u8;
        [index, 255 - index, index.wrapping_mul(7)]
    });
    let photo = open("palette.tif");
    assert_eq!((photo.channels(), photo.depth()), (Channels::Rgb, Depth::Eight));
    assert_eq!(photo.as_u8().unwrap(), expected);
}

/// `R = (1 - C)(1 - K)` where there is no profile.
#[test]
fn cmyk_keeps_its_alpha_in_8_and_16_bit() {
    let expected = pixels(|x, y| {
        let black = f64::from(x * 2) / 255.0;
        let [r, g, b] = rgb(x, y).map(|light| (f64::from(light) * (1.0 - black)).round() as u8);
        [r, g, b, (255 - x * 8) as u8]
    });
    for (name, depth) in [("cmyk_alpha", Depth::Eight), ("cmyk_alpha16", Depth::Sixteen)] {
        let photo = open(&format!("{name}.tif"));
        assert_eq!((photo.channels(), photo.depth()), (Channels::Rgba, depth), "{name}");
        assert!(largest_difference(&photo.to_rgba8(), &expected) <= 1, "{name}");
    }
}

#[test]
fn floating_point_is_clipped_and_says_so() {
    for name in ["float16", "float32_predictor"] {
        let photo = open(&format!("{name}.tif"));
        assert_eq!((photo.channels(), photo.depth()), (Channels::Rgb, Depth::Sixteen), "{name}");
        assert_eq!(photo.to_rgb8(), pixels(rgb), "{name}");
        let [note] = photo.notes() else { panic!("{name}: {:?}", photo.notes()) };
        assert!(note.code == NoteCode::FloatClipped && note.text.contains(" 0 of them"), "{note:?}");
    }
    // Red from -1 to 2.
    let photo = open("float64_planes.tif");
    let clipped = |red: u8| ((f64::from(red) / 255.0 * 3.0 - 1.0).clamp(0.0, 1.0) * 255.0).round() as u8;
    assert!(largest_difference(photo.to_8bit().as_u8().unwrap(), &pixels(|x, y| [clipped(rgb(x, y)[0])])) <= 1);
    // Red is a multiple of 8: 11 of its values are below a third of 255, and 9 above two thirds.
    assert!(photo.notes()[0].text.contains(&format!(" {} of them", 20 * HEIGHT)), "{:?}", photo.notes());
    let derived = photo.derive(1, 1, Channels::Gray, vec![0_u8]).unwrap();
    assert_eq!(derived.notes(), photo.notes());
    assert!(open("palette.tif").notes().is_empty());
}

#[test]
fn planes_and_predictors_of_16_bit() {
    let photo = open("rgb16_planes.tif");
    assert_eq!(photo.depth(), Depth::Sixteen);
    assert_eq!(photo.to_rgb8(), pixels(rgb));
}

/// A few pixels as libvips reads them.
#[test]
fn jpeg_inside_is_ycbcr_or_rgb_as_the_directory_says() {
    for (name, known) in [
        ("jpeg_rgb", [[0, 0, 0], [160, 120, 80], [240, 240, 130], [24, 84, 23]]),
        ("jpeg_ycbcr", [[0, 1, 0], [161, 119, 79], [241, 238, 131], [25, 83, 22]]),
    ] {
        let samples = open(&format!("{name}.tif")).to_rgb8();
        for ((x, y), known) in [(0, 0), (20, 10), (30, 20), (3, 7)].into_iter().zip(known) {
            let at = (y * WIDTH as usize + x) * 3;
            assert!(largest_difference(&samples[at..at + 3], &known) <= 2, "{name}: {:?}", &samples[at..at + 3]);
        }
        assert!(largest_difference(&samples, &pixels(rgb)) <= 9, "{name}");
    }
}

/// A little-endian page of 2 x 1 pixels with these fields, SHORTs, and these samples behind it.
fn page(fields: &[(u16, u16)], data: &[u8]) -> Vec<u8> {
    let at = 8 + 2 + (fields.len() as u16 + 4) * 12 + 4;
    let mut all = vec![(256, 2), (257, 1), (273, at), (279, data.len() as u16)];
    all.extend(fields);
    all.sort_unstable();
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend((all.len() as u16).to_le_bytes());
    for (tag, value) in all {
        out.extend(tag.to_le_bytes());
        out.extend([3, 0, 1, 0, 0, 0]);
        out.extend(value.to_le_bytes());
        out.extend([0, 0]);
    }
    out.extend([0; 4]);
    out.extend(data);
    out
}

#[test]
fn what_cannot_be_read_is_named() {
    for (fields, name) in [
        (&[(258, 8), (259, 6), (262, 6), (277, 3)][..], "compression 6"),
        (&[(258, 8), (259, 34_712), (262, 2), (277, 3)], "JPEG 2000"),
        (&[(258, 8), (259, 50_000), (262, 2), (277, 3)], "Zstandard"),
        (&[(258, 8), (262, 8), (277, 3)], "Lab"),
        (&[(258, 8), (262, 6), (277, 3)], "YCbCr"),
        (&[(258, 8), (262, 5), (277, 4), (332, 2)], "inks other than CMYK"),
        (&[(258, 16), (262, 32_803)], "DNG"),
        (&[(258, 12), (262, 1)], "12 bits"),
        (&[(258, 8), (262, 1), (339, 2)], "signed"),
        (&[(258, 24), (262, 1), (339, 3)], "floating-point samples of 24 bits"),
    ] {
        let error = Photo::decode(&page(fields, &[0; 64])).unwrap_err();
        assert_eq!(error.code(), Code::PhotoUnsupported, "{name}: {error:?}");
        assert!(error.to_string().contains(name), "{error} should name {name}");
    }
    // Just enough of each that is read, so that the list above says something.
    let gray = Photo::decode(&page(&[(258, 4), (262, 0)], &[0x0f])).unwrap();
    assert_eq!(gray.as_u8().unwrap(), [255, 0]);
    let reversed = Photo::decode(&page(&[(258, 4), (262, 1), (266, 2)], &[0x0f])).unwrap();
    assert_eq!(reversed.as_u8().unwrap(), [255, 0], "the bits of each byte in the other order");
    let too_short = Photo::decode(&page(&[(258, 16), (262, 1)], &[0; 3])).unwrap_err();
    assert_eq!(too_short.code(), Code::PhotoTruncated);
}

/// Codes from the lowest bit on, 9 bits each, as LZW was before TIFF 5.0: clear (256), 7, 9, end (257).
#[test]
fn lzw_of_before_tiff_5() {
    let bits = [256_u64, 7, 9, 257].iter().rev().fold(0, |bits, code| bits << 9 | code);
    let photo = Photo::decode(&page(&[(258, 8), (259, 5), (262, 1)], &bits.to_le_bytes()[..5])).unwrap();
    assert_eq!(photo.as_u8().unwrap(), [7, 9]);
}

/// Values as libtiff and libvips read them; CMYK by the formula above.
#[test]
fn files_from_outside() {
    let Some(folder) = outside("failing") else { return };
    let open = |name: &str| Photo::open(folder.join(name)).expect(name);
    let at = |photo: &Photo, x: u32, y: u32| {
        let at = (y * photo.width() + x) as usize * 4;
        photo.to_rgba8()[at..at + 4].to_vec()
    };
    let jpeg = open("jpeg_ycbcr.tif");
    for ((x, y), known) in [((24, 16), [0, 133, 0, 255]), ((48, 48), [63, 255, 46, 255])] {
        assert!(largest_difference(&at(&jpeg, x, y), &known) <= 2, "{:?}", at(&jpeg, x, y));
    }
    let cmyk = open("cmyka.tif");
    assert_eq!(cmyk.channels(), Channels::Rgba);
    // C M Y 191, K 30, alpha 66.
    assert!(largest_difference(&at(&cmyk, 24, 16), &[56, 56, 56, 66]) <= 1, "{:?}", at(&cmyk, 24, 16));
    assert_eq!(open("pal.tif").channels(), Channels::Rgb);
    assert_eq!(at(&open("bw_lsb.tif"), 24, 16), [0, 0, 0, 255]);
}
