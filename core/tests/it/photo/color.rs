//! Which space a photo's numbers are in, whatever is done with them. Right values come from littlecms and from the matrices
//! of CSS Color 4.

use packshot::{
    Backend, Background, Channels, Code, Color, ColorPolicy, DecodeOptions, Depth, Edges, EncodeOptions, Engine, Fit,
    ImageFormat, Matte, Photo, Pictures, RemoveBackground, Size,
};

use super::*;
use crate::common::outside;

fn keep() -> DecodeOptions {
    DecodeOptions::new().color(ColorPolicy::Keep)
}

/// A PNG of one colour, 8 x 8, with these chunks before its picture.
fn png(color_type: png::ColorType, pixel: &[u8], profile: Option<&[u8]>, chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut info = png::Info::with_size(8, 8);
    info.color_type = color_type;
    info.icc_profile = profile.map(|profile| profile.to_vec().into());
    let whole = png_with(info, &pixel.repeat(64));
    with_chunks(&whole, chunks)
}

fn display_p3() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

fn linear_gray() -> Vec<u8> {
    moxcms::ColorProfile::new_gray_with_gamma(1.0).encode().unwrap()
}

fn is_near(got: &[u8], expected: &[u8]) -> bool {
    got.len() == expected.len() && got.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// The photo, cut out so that nothing is left of it, on a background.
fn behind(photo: &Photo, background: Background) -> Photo {
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    let mask = Matte::new(photo.width(), photo.height(), vec![0; (photo.width() * photo.height()) as usize]).unwrap();
    let settings = RemoveBackground { mask: Some(mask), edges: Edges::Off, background, ..RemoveBackground::default() };
    engine.remove_background(photo, &settings).unwrap().photo
}

/// `#c08040`, and what it is in Display P3.
const BROWN: [u8; 3] = [192, 128, 64];
const BROWN_P3: [u8; 3] = [183, 131, 75];

#[test]
fn a_colour_behind_a_kept_profile_is_that_colour() {
    let p3 = display_p3();
    let photo = Photo::decode_with(&png(png::ColorType::Rgb, &[9, 9, 9], Some(&p3), &[]), &keep()).unwrap();
    let on_brown = behind(&photo, Background::Color("#c08040".parse().unwrap()));
    assert_eq!(on_brown.profile(), Some(&p3[..]));
    assert!(is_near(&on_brown.to_rgb8()[..3], &BROWN_P3), "{:?}", &on_brown.to_rgb8()[..3]);
    assert!(is_near(&on_brown.to_srgb().to_rgb8()[..3], &BROWN));

    // A picture behind it: in sRGB, in its own profile, and in gray.
    for (name, picture, expected) in [
        ("sRGB", Photo::new(2, 2, Channels::Rgb, BROWN.repeat(4)).unwrap(), BROWN_P3),
        ("Display P3", photo.derive(2, 2, Channels::Rgb, BROWN.repeat(4)).unwrap(), BROWN),
        ("gray", Photo::new(2, 2, Channels::Gray, vec![77_u8; 4]).unwrap(), [77; 3]),
    ] {
        let over = behind(&photo, Background::Image(picture));
        assert_eq!(over.profile(), photo.profile(), "{name}");
        assert!(is_near(&over.to_rgb8()[..3], &expected), "{name}: {:?}", &over.to_rgb8()[..3]);
    }

    // 16 bit is brought over in 16 bit: 128 / 255 of the brown's green is 130.79.
    let wide = photo.derive(1, 1, Channels::Rgb, vec![0_u16; 3]).unwrap();
    let over = behind(&wide, Background::Color("#c08040".parse().unwrap()));
    assert!(over.as_u16().unwrap()[1].abs_diff((130.79_f64 * 257.0) as u16) < 60, "{:?}", over.as_u16());
}

#[test]
fn a_gray_profile_never_goes_with_colours() {
    let photo = Photo::decode_with(&png(png::ColorType::Grayscale, &[55], Some(&linear_gray()), &[]), &keep()).unwrap();
    assert!(photo.profile().is_some());
    for background in [Background::Color(Color::WHITE), Background::Color(Color([192, 128, 64, 100]))] {
        let over = behind(&photo, background);
        assert_eq!((over.channels().is_gray(), over.profile()), (false, None));
    }
    // Where the photo shows, its gray is what it was: 55 / 255 of the light is 128 in sRGB.
    let engine = Engine::builder().backend(Backend::Rten).build().unwrap();
    let settings = RemoveBackground {
        mask: Some(Matte::new(8, 8, vec![255; 64]).unwrap()),
        edges: Edges::Off,
        background: Background::Color(Color::WHITE),
        ..RemoveBackground::default()
    };
    let whole = engine.remove_background(&photo, &settings).unwrap().photo;
    assert!(is_near(&whole.to_rgb8()[..3], &[128; 3]), "{:?}", &whole.to_rgb8()[..3]);
    let colored = photo.derive(1, 1, Channels::Rgb, vec![1_u8, 2, 3]).unwrap();
    assert_eq!(colored.profile(), None);
}

#[test]
fn padding_and_flattening_are_colours_of_srgb() {
    let p3 = Photo::decode_with(&png(png::ColorType::Rgba, &[9, 9, 9, 0], Some(&display_p3()), &[]), &keep()).unwrap();
    let pad = |photo: &Photo, background: [u8; 3]| {
        let options = EncodeOptions::new(ImageFormat::Png).size(Size::Box(16, 8), Fit::Pad).background(background);
        Photo::decode_with(&photo.encode(&options).unwrap(), &keep()).unwrap()
    };
    assert!(is_near(&pad(&p3, BROWN).to_rgb8()[..3], &BROWN_P3));
    let jpeg = EncodeOptions::new(ImageFormat::Jpeg).quality(100).background(BROWN);
    let flat = Photo::decode_with(&p3.encode(&jpeg).unwrap(), &keep()).unwrap();
    assert!(flat.profile().is_some() && mean_difference(&flat.to_rgb8(), &BROWN_P3.repeat(64)) < 2.0);
    assert!(mean_difference(&Photo::decode(&p3.encode(&jpeg).unwrap()).unwrap().to_rgb8(), &BROWN.repeat(64)) < 2.5);

    let gray = Photo::decode_with(&png(png::ColorType::Grayscale, &[55], Some(&linear_gray()), &[]), &keep()).unwrap();
    let padded = pad(&gray, [128; 3]);
    // 128 of sRGB is 55 / 255 of the light.
    assert_eq!((padded.channels(), padded.profile()), (Channels::Gray, gray.profile()));
    assert!(padded.as_u8().unwrap().iter().all(|sample| sample.abs_diff(55) <= 1), "{:?}", padded.as_u8());
    let padded = pad(&gray, BROWN);
    assert_eq!((padded.channels(), padded.profile()), (Channels::Rgb, None));
    let rgb = padded.to_rgb8();
    assert!(is_near(&rgb[..3], &BROWN) && is_near(&rgb[8 * 3..8 * 3 + 3], &[128; 3]), "{rgb:?}");
}

#[test]
fn cicp_goes_before_every_other_word_about_colours() {
    let (name, green) = (b"cICP", &[200, 100, 50]);
    let read = |body: &[u8; 4], profile: Option<&[u8]>| {
        Photo::decode(&png(png::ColorType::Rgb, green, profile, &[(name, body)]))
    };
    let first = |photo: Photo| photo.to_rgb8()[..3].to_vec();
    // Display P3, by the matrices of CSS Color 4.
    assert!(is_near(&first(read(&[12, 13, 0, 1], None).unwrap()), &[215, 93, 31]));
    assert_eq!(first(read(&[1, 13, 0, 1], Some(&display_p3())).unwrap()), green);
    // What says nothing leaves the word to the profile.
    for nothing in [[2, 2, 0, 1], [12, 13, 1, 1]] {
        assert!(is_near(&first(read(&nothing, Some(&display_p3())).unwrap()), &[215, 93, 31]), "{nothing:?}");
    }
    for (body, reason) in [([9, 16, 0, 1], "PQ"), ([9, 18, 0, 1], "HLG"), ([1, 13, 0, 0], "narrow range")] {
        let error = read(&body, None).unwrap_err();
        assert_eq!(error.code(), Code::PhotoUnsupported);
        assert!(error.message().contains(reason), "{error}");
    }
    // Gray has a transfer and no primaries: 55 / 255 of the light is 128.
    let gray = Photo::decode(&png(png::ColorType::Grayscale, &[55], None, &[(name, &[1, 8, 0, 1])])).unwrap();
    assert!(is_near(&gray.as_u8().unwrap()[..1], &[128]), "{:?}", gray.as_u8());
    // Kept, it becomes a profile, which other formats can carry.
    let kept = png(png::ColorType::Rgb, green, None, &[(name, &[12, 13, 0, 1])]);
    let kept = Photo::decode_with(&kept, &keep()).unwrap();
    assert_eq!(first(kept.clone()), green);
    let tiff = kept.encode(&EncodeOptions::new(ImageFormat::Tiff)).unwrap();
    assert!(is_near(&first(Photo::decode(&tiff).unwrap()), &[215, 93, 31]));
}

#[test]
fn masks_are_data_whatever_they_say_of_colours() {
    let profile = linear_gray();
    let gamma = 100_000_u32.to_be_bytes();
    let files = [
        png(png::ColorType::Grayscale, &[128], Some(&profile), &[]),
        png(png::ColorType::Grayscale, &[128], None, &[(b"gAMA", &gamma)]),
        png(png::ColorType::Grayscale, &[128], None, &[(b"cICP", &[1, 16, 0, 1])]),
        png(png::ColorType::Rgb, &[128; 3], Some(&display_p3()), &[]),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (index, file) in files.into_iter().enumerate() {
        let data = Photo::decode_with(&file, &DecodeOptions::new().color(ColorPolicy::Data)).unwrap();
        assert_eq!((data.profile(), data.to_rgb8()[0]), (None, 128), "file {index}");
        let path = folder.path().join(format!("{index}.png"));
        std::fs::write(&path, &file).unwrap();
        for source in [path.clone().into(), file.clone().into(), data.into()] {
            let pictures = Pictures { mask: Some(source), ..Pictures::default() };
            let read = RemoveBackground::read(&packshot::api::RemoveBackground::default(), &pictures).unwrap();
            assert!(read.mask.unwrap().alpha().iter().all(|alpha| *alpha == 128), "file {index}");
        }
        let pictures = Pictures { trimap: Some(path.into()), ..Pictures::default() };
        let read = RemoveBackground::read(&packshot::api::RemoveBackground::default(), &pictures).unwrap();
        assert!(read.trimap.unwrap().samples().iter().all(|sample| *sample == 128), "file {index}");
    }
}

/// What littlecms makes of `#c08040` in the profile of the file.
#[test]
fn prophoto_from_outside() {
    let Some(folder) = outside("failing") else { return };
    let photo = Photo::open_with(folder.join("prophoto.jpg"), &keep()).unwrap();
    let over = behind(&photo, Background::Color("#c08040".parse().unwrap()));
    assert!(is_near(&over.to_rgb8()[..3], &[144, 116, 62]), "{:?}", &over.to_rgb8()[..3]);
    let saved = Photo::decode(&over.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap()).unwrap();
    assert!(is_near(&saved.to_rgb8()[..3], &BROWN), "{:?}", &saved.to_rgb8()[..3]);

    let gray = Photo::open_with(folder.join("gray_icc.png"), &keep()).unwrap();
    let over = behind(&gray, Background::Color(Color::WHITE));
    assert_eq!((over.channels(), over.profile()), (Channels::Rgb, None));
    let converted = gray.to_srgb().to_rgb8();
    let at = |x: usize, y: usize| converted[(y * 300 + x) * 3];
    assert!(at(75, 60).abs_diff(241) <= 1 && at(150, 180).abs_diff(178) <= 1, "{} {}", at(75, 60), at(150, 180));
}

// --- Alpha of a WebP ------------------------------------------------------------------------------------------------

/// The chunks of a WebP file, and a file of chunks.
fn chunks(file: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let (mut rest, mut out) = (&file[12..], Vec::new());
    while let Some((head, after)) = rest.split_at_checked(8) {
        let length = u32::from_le_bytes(*head.last_chunk().unwrap()) as usize;
        out.push((*head.first_chunk().unwrap(), after[..length].to_vec()));
        rest = &after[length.next_multiple_of(2).min(after.len())..];
    }
    out
}

fn webp(chunks: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(name);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

#[test]
fn a_webp_has_the_alpha_that_is_in_it() {
    let photo = gradient(Channels::Rgba);
    let lossy = chunks(&photo.encode(&EncodeOptions::new(ImageFormat::Webp)).unwrap());
    assert!(lossy.iter().map(|(name, _)| name).eq([b"VP8X", b"ALPH", b"VP8 "]), "{lossy:?}");
    let whole = Photo::decode(&webp(&lossy)).unwrap();

    let without: Vec<_> = lossy.iter().filter(|(name, _)| name != b"ALPH").cloned().collect();
    let opaque = Photo::decode(&webp(&without)).unwrap();
    assert_eq!((opaque.channels(), opaque.to_rgb8()), (Channels::Rgb, whole.to_rgb8()));

    let mut silent = lossy;
    silent[0].1[0] = 0;
    assert_eq!(Photo::decode(&webp(&silent)).unwrap(), whole);
    // Flags of metadata that is not there are no reason to refuse a picture.
    silent[0].1[0] = 0x3c;
    assert_eq!(Photo::decode(&webp(&silent)).unwrap(), whole);

    // The hint of a lossless picture must not change what is read.
    let options = EncodeOptions::new(ImageFormat::Webp).lossless(true);
    let mut lossless = chunks(&photo.encode(&options).unwrap());
    assert_eq!(Photo::decode(&webp(&lossless)).unwrap(), photo);
    let at = lossless.iter().position(|(name, _)| name == b"VP8L").unwrap();
    assert_ne!(lossless[at].1[4] & 0x10, 0);
    lossless[at].1[4] &= !0x10;
    assert_eq!(Photo::decode(&webp(&lossless)).unwrap(), photo);
    let opaque = chunks(&gradient(Channels::Rgb).encode(&options).unwrap());
    assert_eq!(Photo::decode(&webp(&opaque)).unwrap(), gradient(Channels::Rgb));
}

#[test]
fn an_alpha_flag_without_alpha_from_outside() {
    let Some(folder) = outside("failing") else { return };
    let photo = Photo::open(folder.join("flag_noalph.webp")).unwrap();
    assert_eq!((photo.channels(), photo.depth()), (Channels::Rgb, Depth::Eight));
    let at = |x: usize, y: usize| photo.to_rgb8()[(y * 96 + x) * 3..][..3].to_vec();
    // As libwebp reads it.
    assert!(is_near(&at(24, 16), &[68, 66, 66]) && is_near(&at(48, 48), &[201, 40, 33]), "{:?}", at(48, 48));
}
