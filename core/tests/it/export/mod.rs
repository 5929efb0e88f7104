//! What a saved file is like: size, bytes, resolution, colour profile.

mod budget;
mod profile;
mod recipe;
mod resolution;
mod size;

use packshot::{Channels, Code, EncodeOptions, Fit, ImageFormat, Photo, Result, Size, api, from_json};

const LOSSLESS: [ImageFormat; 2] = [ImageFormat::Png, ImageFormat::Tiff];
const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff];

fn new(format: ImageFormat) -> EncodeOptions {
    EncodeOptions::new(format)
}

fn again(photo: &Photo, options: &EncodeOptions) -> Photo {
    Photo::decode(&photo.encode(options).unwrap()).unwrap()
}

/// Waves with some grain: compressible, but not to nothing.
fn waves(width: u32, height: u32, channels: Channels) -> Photo {
    let sample = |i: u32| {
        let (x, y, c) = (i % width, i / width % height, i / (width * height));
        let wave = 120.0 + 70.0 * (x as f32 / 9.0 + c as f32).sin() + 40.0 * (y as f32 / 5.0).cos();
        wave as u8 + (i.wrapping_mul(2_654_435_761) >> 29) as u8
    };
    let count = channels.count() as u32;
    let samples: Vec<u8> =
        (0..width * height).flat_map(|i| (0..count).map(move |c| sample(i + c * width * height))).collect();
    Photo::new(width, height, channels, samples).unwrap()
}

/// What JSON says, as recipes and bindings do.
fn read(json: &str) -> Result<EncodeOptions> {
    EncodeOptions::read(&from_json::<api::Encode>(json)?, None)
}

#[test]
fn options_out_of_range_are_refused_before_there_is_a_photo() {
    for json in [
        r#"{"quality": 0}"#,
        r#"{"max_bytes": 0}"#,
        r#"{"max_bytes": -1}"#,
        r#"{"max_bytes": "a lot"}"#,
        r#"{"dpi": 0}"#,
        r#"{"dpi": 65536}"#,
        r#"{"dpi": 72.5}"#,
        r#"{"size": "0x7"}"#,
        r#"{"size": 65536}"#,
        r#"{"size": "65536x"}"#,
        r#"{"size": "1000000x1000000"}"#,
        r#"{"size": "1000000x1000000", "fit": "pad"}"#,
        r#"{"size": "65535x65535", "fit": "cover"}"#,
        r#"{"size": 12000, "fit": "pad"}"#,
        r#"{"size": "1200x", "fit": "pad"}"#,
        r#"{"size": "x800", "fit": "cover"}"#,
        r#"{"fit": "pad"}"#,
        r#"{"fit": "cover"}"#,
        r#"{"size": 10, "fit": "stretch"}"#,
        r#"{"profile": "p3"}"#,
    ] {
        assert_eq!(read(json).unwrap_err().code(), Code::OptionInvalid, "{json}");
    }
    for json in
        [r#"{"fit": "inside"}"#, r#"{"size": 65535}"#, r#"{"size": "10950x10950", "fit": "pad"}"#, r#"{"dpi": 65535}"#]
    {
        read(json).unwrap();
    }
    // Written by hand, past `read`.
    let photo = waves(4, 4, Channels::Rgb);
    for options in [new(ImageFormat::Png).dpi(0), new(ImageFormat::Png).size(Size::Box(0, 5), Fit::Pad)] {
        assert_eq!(photo.encode(&options).unwrap_err().code(), Code::OptionInvalid);
    }
}

#[test]
fn saving_is_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let photo = waves(200, 100, Channels::Rgba);
    let json = r#"{"format": "jpeg", "size": 80, "fit": "pad", "background": "teal", "max_bytes": 2500, "dpi": 300, "profile": "srgb"}"#;
    let options = read(json).unwrap();
    let path = folder.path().join("a.jpg");
    photo.save_with(&path, &options).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes, photo.encode(&options).unwrap());
    assert!(bytes.len() <= 2500);
    let saved = Photo::open(&path).unwrap();
    assert_eq!((saved.width(), saved.height(), saved.channels()), (80, 80, Channels::Rgb));
    let corner = &saved.as_u8().unwrap()[..3];
    assert!(corner.iter().zip([0, 128, 128]).all(|(a, b)| a.abs_diff(b) <= 12), "{corner:?}");
}
