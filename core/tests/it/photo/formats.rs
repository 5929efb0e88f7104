//! Every format keeps what it can hold.

use std::io::Cursor;

use packshot::{Channels, Chroma, Code, Depth, EncodeOptions, ImageFormat, Photo, PngCompression};

use super::*;

#[test]
fn lossless_formats_return_every_sample() {
    for channels in CHANNELS {
        for depth in [Depth::Eight, Depth::Sixteen] {
            let photo = noise(33, 17, channels, depth);
            for png in [PngCompression::Fast, PngCompression::Balanced, PngCompression::Best] {
                let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Png).png(png)).unwrap();
                assert_eq!(Photo::decode(&bytes).unwrap(), photo, "PNG, {channels:?}, {depth:?}");
            }
            let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Tiff)).unwrap();
            assert_eq!(Photo::decode(&bytes).unwrap(), photo, "TIFF, {channels:?}, {depth:?}");
        }
        let photo = noise(33, 17, channels, Depth::Eight);
        let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Webp).lossless(true)).unwrap();
        let back = Photo::decode(&bytes).unwrap();
        assert_eq!(back.to_rgba8(), photo.to_rgba8(), "WebP, {channels:?}");
        assert_eq!(back.has_alpha(), photo.has_alpha());
        assert_eq!(back.format(), Some(ImageFormat::Webp));
    }
}

#[test]
fn lossy_formats_stay_close() {
    for channels in CHANNELS {
        let photo = gradient(channels);
        for chroma in [Chroma::Half, Chroma::Full] {
            let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Jpeg).chroma(chroma)).unwrap();
            let back = Photo::decode(&bytes).unwrap();
            assert_eq!(back.channels(), channels.without_alpha());
            if !channels.has_alpha() {
                assert!(mean_difference(&back.to_rgb8(), &photo.to_rgb8()) < 2.0, "{channels:?}, {chroma:?}");
            }
        }
        let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Webp)).unwrap();
        let back = Photo::decode(&bytes).unwrap();
        assert!(mean_difference(&back.to_rgb8(), &photo.to_rgb8()) < 4.0, "{channels:?}");
    }
}

#[test]
fn jpeg_lays_transparency_on_the_background() {
    let clear = Photo::new(16, 16, Channels::Rgba, vec![0_u8; 16 * 16 * 4]).unwrap();
    let options = EncodeOptions::new(ImageFormat::Jpeg).quality(100);
    let white = Photo::decode(&clear.encode(&options).unwrap()).unwrap();
    assert!(white.to_rgb8().iter().all(|sample| *sample >= 254));
    let red = Photo::decode(&clear.encode(&options.background([200, 0, 0])).unwrap()).unwrap();
    assert!(mean_difference(&red.to_rgb8(), &[200, 0, 0].repeat(256)) < 2.0);
}

#[test]
fn sixteen_bit_is_rounded_where_a_format_has_eight() {
    let photo = noise(20, 20, Channels::Rgb, Depth::Sixteen);
    let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Webp).lossless(true)).unwrap();
    assert_eq!(Photo::decode(&bytes).unwrap().to_rgb8(), photo.to_8bit().to_rgb8());
}

#[test]
fn options_out_of_range_are_refused() {
    let photo = gradient(Channels::Rgb);
    for quality in [0, 101] {
        let error = photo.encode(&EncodeOptions::new(ImageFormat::Jpeg).quality(quality)).unwrap_err();
        assert_eq!(error.code(), Code::OptionInvalid);
    }
    let wide = Photo::new(70_000, 1, Channels::Gray, vec![0_u8; 70_000]).unwrap();
    for format in [ImageFormat::Jpeg, ImageFormat::Webp] {
        assert_eq!(wide.encode(&EncodeOptions::new(format)).unwrap_err().code(), Code::PhotoUnsupported);
    }
    assert_eq!(wide.encode(&EncodeOptions::new(ImageFormat::Heic)).unwrap_err().code(), Code::PhotoFormatDisabled);
    assert_eq!(code(Photo::new(2, 2, Channels::Rgb, vec![0_u8; 11])), Code::OptionInvalid);
    assert_eq!(code(Photo::new(0, 2, Channels::Rgb, Vec::<u8>::new())), Code::OptionInvalid);
}

// --- Palettes and transparent colours -------------------------------------------------------------------------------

#[test]
fn palettes_and_transparent_colours_are_expanded() {
    let mut info = png::Info::with_size(4, 1);
    info.color_type = png::ColorType::Indexed;
    info.bit_depth = png::BitDepth::Two;
    info.palette = Some(vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9].into());
    let rgb = Photo::decode(&png_with(info.clone(), &[0b00_01_10_11])).unwrap();
    assert_eq!(rgb.channels(), Channels::Rgb);
    assert_eq!(rgb.as_u8().unwrap(), [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
    info.trns = Some(vec![0, 128].into());
    let rgba = Photo::decode(&png_with(info, &[0b00_01_10_11])).unwrap();
    assert_eq!(rgba.as_u8().unwrap(), [255, 0, 0, 0, 0, 255, 0, 128, 0, 0, 255, 255, 9, 9, 9, 255]);

    let mut info = png::Info::with_size(8, 1);
    info.color_type = png::ColorType::Grayscale;
    info.bit_depth = png::BitDepth::One;
    assert_eq!(Photo::decode(&png_with(info, &[0b1010_0000])).unwrap().as_u8().unwrap(), [255, 0, 255, 0, 0, 0, 0, 0]);
    let mut info = png::Info::with_size(2, 1);
    info.color_type = png::ColorType::Grayscale;
    info.bit_depth = png::BitDepth::Sixteen;
    info.trns = Some(vec![1, 2].into());
    let gray = Photo::decode(&png_with(info, &[1, 2, 3, 4])).unwrap();
    assert_eq!((gray.channels(), gray.as_u16().unwrap()), (Channels::GrayAlpha, &[258, 0, 772, 65_535][..]));
}

// --- CMYK -----------------------------------------------------------------------------------------------------------

#[test]
fn cmyk_and_ycck_jpegs_have_the_right_colours() {
    // Ink amounts and the light they leave.
    for (ink, light) in [
        ([0, 0, 0, 0], [255, 255, 255]),
        ([255, 0, 0, 0], [0, 255, 255]),
        ([0, 255, 0, 0], [255, 0, 255]),
        ([0, 0, 255, 0], [255, 255, 0]),
        ([0, 0, 0, 255], [0, 0, 0]),
        ([51, 102, 153, 51], [163, 122, 82]),
    ] {
        for color in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
            let mut bytes = Vec::new();
            jpeg_encoder::Encoder::new(&mut bytes, 100).encode(&ink.repeat(16 * 16), 16, 16, color).unwrap();
            let photo = Photo::decode(&bytes).unwrap();
            let difference = mean_difference(&photo.to_rgb8(), &light.repeat(16 * 16));
            assert!(difference < 3.0, "{color:?} {ink:?}: {:?}, not {light:?}", &photo.to_rgb8()[..3]);
        }
    }
    let mut tiff = Cursor::new(Vec::new());
    tiff::encoder::TiffEncoder::new(&mut tiff)
        .unwrap()
        .write_image::<tiff::encoder::colortype::CMYK8>(1, 1, &[51, 102, 153, 51])
        .unwrap();
    assert_eq!(Photo::decode(&tiff.into_inner()).unwrap().to_rgb8(), [163, 122, 82]);
}
