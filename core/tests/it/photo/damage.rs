//! Cut, damaged, foreign and arbitrary files.

use packshot::{Channels, Code, DecodeOptions, Depth, EncodeOptions, ImageFormat, Limits, Photo, Samples};
use proptest::prelude::*;

use super::camera::{camera_exif, jpeg_with_exif};
use super::*;
use crate::common::outside;

// --- Damage ---------------------------------------------------------------------------------------------------------

fn samples_of_every_format() -> Vec<(ImageFormat, Vec<u8>)> {
    let photo = gradient(Channels::Rgb);
    let mut files: Vec<_> = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff]
        .map(|format| (format, photo.encode(&EncodeOptions::new(format)).unwrap()))
        .into();
    files.push((ImageFormat::Webp, photo.encode(&EncodeOptions::new(ImageFormat::Webp).lossless(true)).unwrap()));
    files.push((ImageFormat::Jpeg, progressive()));
    files.push((ImageFormat::Jpeg, jpeg_with_exif(&camera_exif(5))));
    files
}

fn progressive() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_progressive(true);
    encoder.encode(gradient(Channels::Rgb).as_u8().unwrap(), 64, 48, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

#[test]
fn progressive_jpegs_are_read() {
    let photo = Photo::decode(&progressive()).unwrap();
    assert!(mean_difference(&photo.to_rgb8(), &gradient(Channels::Rgb).to_rgb8()) < 2.0);
}

#[test]
fn a_cut_file_is_refused_wherever_it_is_cut() {
    for (format, bytes) in samples_of_every_format() {
        let whole = Photo::decode(&bytes).unwrap();
        for length in (0..bytes.len()).step_by(7) {
            if format == ImageFormat::Jpeg && length + 2 >= bytes.len() {
                // Every row is there; only the end-of-image marker is not.
                assert_eq!(Photo::decode(&bytes[..length]).unwrap(), whole);
                continue;
            }
            let code = code(Photo::decode(&bytes[..length]));
            let expected = if length == 0 { Code::PhotoEmpty } else { Code::PhotoTruncated };
            // In a TIFF the directory is at the end, and strips are found by offset: what is missing looks damaged.
            let damaged = format == ImageFormat::Tiff && code == Code::PhotoCorrupt;
            assert!(code == expected || damaged, "{format:?} cut to {length} of {}: {code}", bytes.len());
        }
    }
}

#[test]
fn junk_and_other_formats_are_named() {
    assert_eq!(code(Photo::decode(b"")), Code::PhotoEmpty);
    assert_eq!(code(Photo::decode(b"GIF89a\x01\0\x01\0")), Code::PhotoFormat);
    assert_eq!(code(Photo::decode(&[7; 4096])), Code::PhotoFormat);
    assert_eq!(code(Photo::decode(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1")), Code::PhotoFormatDisabled);
    #[cfg(not(feature = "heic"))]
    {
        let error = Photo::decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap_err();
        assert_eq!(error.code(), Code::PhotoFormatDisabled);
        assert!(error.message().contains("`heic`"));
    }
    assert_eq!(Photo::open("/nowhere/a.jpg").unwrap_err().code(), Code::FileMissing);
}

#[test]
fn the_extension_does_not_count_when_reading_and_decides_when_writing() {
    let folder = tempfile::tempdir().unwrap();
    let photo = noise(5, 4, Channels::Rgba, Depth::Eight);
    let (png, misnamed) = (folder.path().join("a.png"), folder.path().join("a.jpg"));
    photo.save(&png).unwrap();
    std::fs::rename(&png, &misnamed).unwrap();
    let back = Photo::open(&misnamed).unwrap();
    assert_eq!((&back, back.format()), (&photo, Some(ImageFormat::Png)));
    assert_eq!(photo.save(folder.path().join("a.gif")).unwrap_err().code(), Code::PhotoFormat);
    assert_eq!(photo.save(folder.path().join("missing/a.png")).unwrap_err().code(), Code::FileUnwritable);
    let small = DecodeOptions::new().limits({
        let mut limits = Limits::default();
        limits.max_bytes = 10;
        limits
    });
    assert_eq!(Photo::open_with(&misnamed, &small).unwrap_err().code(), Code::LimitBytes);
}

#[test]
fn photos_of_real_cameras() {
    let Some(images) = outside("images") else { return };
    let alpha = Photo::open(images.join("realesrgan/tree_alpha_16bit.png")).unwrap();
    assert_eq!((alpha.channels(), alpha.depth()), (Channels::Rgba, Depth::Sixteen));
    let again = Photo::decode(&alpha.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap()).unwrap();
    assert_eq!(again, alpha);
    let gray = Photo::open(images.join("realesrgan/wolf_gray.jpg")).unwrap();
    assert_eq!(gray.channels(), Channels::Gray);
    for name in ["rembg/plants-1.jpg", "rembg/car-1.jpg"] {
        assert!(Photo::open(images.join(name)).unwrap().width() > 100, "{name}");
    }
}

// --- Anything at all ------------------------------------------------------------------------------------------------

/// Small, so that thousands of cases run in seconds.
fn tight() -> DecodeOptions {
    let mut limits = Limits::default();
    limits.max_pixels = 1 << 16;
    limits.max_metadata_bytes = 1 << 16;
    limits.max_profile_bytes = 1 << 16;
    DecodeOptions::new().limits(limits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(
        magic in prop::sample::select(vec![
            &b""[..], b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X", b"II*\0", b"MM\0+", b"II+\0",
        ]),
        tail in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let _ = Photo::decode_with(&[magic, &tail].concat(), &tight());
    }

    #[test]
    fn damaged_files_never_panic(
        file in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let files = samples_of_every_format();
        let mut bytes = file.get(&files).1.clone();
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let _ = Photo::decode_with(&bytes, &tight());
    }

    #[test]
    fn any_picture_survives_a_lossless_format(
        width in 1_u32..40,
        height in 1_u32..40,
        channels in prop::sample::select(CHANNELS.to_vec()),
        wide in any::<bool>(),
        seed in prop::collection::vec(any::<u16>(), 1..50),
    ) {
        let count = (width * height) as usize * channels.count();
        let values = seed.iter().copied().cycle().take(count);
        let samples: Samples = match wide {
            true => values.collect::<Vec<u16>>().into(),
            false => values.map(|value| value as u8).collect::<Vec<u8>>().into(),
        };
        let photo = Photo::new(width, height, channels, samples).unwrap();
        for format in [ImageFormat::Png, ImageFormat::Tiff] {
            let bytes = photo.encode(&EncodeOptions::new(format)).unwrap();
            prop_assert_eq!(&Photo::decode(&bytes).unwrap(), &photo);
        }
    }
}
