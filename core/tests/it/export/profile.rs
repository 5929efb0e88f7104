use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use packshot::{Channels, ColorPolicy, DecodeOptions, Fit, ImageFormat, Photo, ProfileMode, Size};

use super::{FORMATS, new, waves};

fn kept(bytes: &[u8]) -> Photo {
    let mut options = DecodeOptions::new();
    options.color = ColorPolicy::Keep;
    Photo::decode_with(bytes, &options).unwrap()
}

/// A photo whose numbers mean colours of Display P3.
fn display_p3() -> Photo {
    let mut info = png::Info::with_size(2, 1);
    info.color_type = png::ColorType::Rgb;
    info.icc_profile = Some(ColorProfile::new_display_p3().encode().unwrap().into());
    let mut out = Vec::new();
    let mut writer = png::Encoder::with_info(&mut out, info).unwrap().write_header().unwrap();
    writer.write_image_data(&[200, 100, 50, 128, 128, 128]).unwrap();
    writer.finish().unwrap();
    let photo = kept(&out);
    assert!(photo.profile().is_some());
    photo
}

#[test]
fn an_embedded_profile_is_srgb_and_small() {
    for channels in [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba] {
        for format in FORMATS {
            let options = new(format).lossless(true).profile(ProfileMode::Srgb);
            let bytes = waves(20, 20, channels).encode(&options).unwrap();
            assert_eq!(bytes, waves(20, 20, channels).encode(&options).unwrap(), "the same every time");
            let saved = kept(&bytes);
            // WebP has no gray; what it decodes to is colour, and so must its profile be.
            let profile = saved.profile().unwrap();
            assert!(profile.len() < 700, "{} bytes", profile.len());
            let profile = ColorProfile::new_from_slice(profile).unwrap();
            let gray = profile.color_space == DataColorSpace::Gray;
            assert_eq!(gray, saved.channels().is_gray(), "{channels:?} {format}");
            let (layout, count) = if gray { (Layout::Gray, 1) } else { (Layout::Rgb, 3) };
            let all: Vec<u8> =
                (0..=255_u8).flat_map(|v| [v, v.wrapping_mul(7), 255 - v].into_iter().take(count)).collect();
            let mut out = vec![0; 256 * 3];
            let srgb = ColorProfile::new_srgb();
            let transform =
                profile.create_transform_8bit(layout, &srgb, Layout::Rgb, TransformOptions::default()).unwrap();
            transform.transform(&all, &mut out).unwrap();
            for (from, to) in all.chunks_exact(count).zip(out.chunks_exact(3)) {
                assert!((0..3).all(|c| from[c % count].abs_diff(to[c]) <= 1), "{from:?} became {to:?}");
            }
        }
    }
}

#[test]
fn colours_are_converted_unless_the_profile_is_kept() {
    let photo = display_p3();
    let expected = photo.to_srgb();
    assert_ne!(expected.samples(), photo.samples());
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let saved = kept(&photo.encode(&new(format)).unwrap());
        assert_eq!((saved.samples(), saved.profile()), (photo.samples(), photo.profile()), "{format}");
        let saved = kept(&photo.encode(&new(format).profile(ProfileMode::Srgb)).unwrap());
        assert_eq!(saved.samples(), expected.samples(), "{format}");
        assert!(saved.profile().is_some_and(|profile| Some(profile) != photo.profile()));
        let saved = kept(&photo.encode(&new(format).profile(ProfileMode::None)).unwrap());
        assert_eq!((saved.samples(), saved.profile()), (expected.samples(), None), "{format}");
    }
}

#[test]
fn a_profile_survives_scaling_and_goes_with_gray() {
    let photo = display_p3();
    let options = new(ImageFormat::Png).size(Size::LongSide(6), Fit::Pad);
    assert_eq!(kept(&photo.encode(&options).unwrap()).profile(), photo.profile());
    // Gray that turned into colours, because the background has one, needs a profile of colours.
    let gray = waves(8, 4, Channels::GrayAlpha);
    let options = new(ImageFormat::Jpeg).background([200, 0, 0]).profile(ProfileMode::Srgb);
    let saved = kept(&gray.encode(&options).unwrap());
    let profile = ColorProfile::new_from_slice(saved.profile().unwrap()).unwrap();
    assert_eq!((saved.channels(), profile.color_space), (Channels::Rgb, DataColorSpace::Rgb));
}
