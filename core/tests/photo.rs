//! Photos in and out, with files made here; with `PACKSHOT_TEST_DATA` also with photos of real cameras.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::io::Cursor;
use std::path::PathBuf;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use packshot::{
    Channels, Chroma, Code, ColorPolicy, DecodeOptions, Depth, EncodeOptions, ImageFormat, Limits, MetadataMode, Photo,
    PngCompression, Samples,
};
use proptest::prelude::*;

/// A path below the shared test data, if there is any.
fn test_data(path: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("PACKSHOT_TEST_DATA") else {
        println!("skipped: PACKSHOT_TEST_DATA is not set");
        return None;
    };
    Some(PathBuf::from(root).join(path))
}

fn code(result: packshot::Result<Photo>) -> Code {
    result.expect_err("must be refused").code()
}

/// A picture without any repetition.
fn noise(width: u32, height: u32, channels: Channels, depth: Depth) -> Photo {
    let count = (width * height) as usize * channels.count();
    let values = (0..count as u32).map(|i| i.wrapping_mul(2_654_435_761).rotate_left(9) ^ i);
    let samples = match depth {
        Depth::Eight => Samples::U8(values.map(|value| value as u8).collect()),
        Depth::Sixteen => Samples::U16(values.map(|value| value as u16).collect()),
    };
    Photo::new(width, height, channels, samples).unwrap()
}

const CHANNELS: [Channels; 4] = [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba];

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

/// A smooth picture: what lossy formats are made for.
fn gradient(channels: Channels) -> Photo {
    let (width, height) = (64_u32, 48_u32);
    let pixel = |x: u32, y: u32| [(x * 4) as u8, (y * 5) as u8, 128, 255 - (x * 2) as u8];
    let pixels = (0..width * height).map(|i| pixel(i % width, i / width));
    let samples: Vec<u8> = match channels {
        Channels::Gray => pixels.map(|p| p[0]).collect(),
        Channels::GrayAlpha => pixels.flat_map(|p| [p[0], p[3]]).collect(),
        Channels::Rgb => pixels.flat_map(|p| [p[0], p[1], p[2]]).collect(),
        Channels::Rgba => pixels.flatten().collect(),
    };
    Photo::new(width, height, channels, samples).unwrap()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
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
    assert_eq!(photo.with_alpha(&[1.0]).unwrap_err().code(), Code::MaskSize);
    assert_eq!(photo.with_alpha(&[0.5; 64 * 48]).unwrap().to_rgba8()[3], 128);
}

// --- Palettes and transparent colours -------------------------------------------------------------------------------

fn png_with(info: png::Info<'_>, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = png::Encoder::with_info(&mut out, info).unwrap().write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    out
}

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

// --- Orientation ----------------------------------------------------------------------------------------------------

/// Six flat blocks, `abc` above `def`, of this side length: coarse enough to survive JPEG.
const BLOCK: usize = 16;
const UPRIGHT: [&[&str]; 8] = [
    &["abc", "def"],
    &["cba", "fed"],
    &["fed", "cba"],
    &["def", "abc"],
    &["ad", "be", "cf"],
    &["da", "eb", "fc"],
    &["fc", "eb", "da"],
    &["cf", "be", "ad"],
];

fn blocks() -> Vec<u8> {
    (0..6 * BLOCK * BLOCK).map(|i| (i % (3 * BLOCK) / BLOCK + 3 * (i / (3 * BLOCK) / BLOCK)) as u8 * 50).collect()
}

fn names(photo: &Photo) -> Vec<String> {
    let (width, rgb) = (photo.width() as usize, photo.to_rgb8());
    let name = |x: usize, y: usize| {
        (b'a' + rgb[((y * BLOCK + 8) * width + x * BLOCK + 8) * 3].saturating_add(25) / 50) as char
    };
    (0..photo.height() as usize / BLOCK).map(|y| (0..width / BLOCK).map(|x| name(x, y)).collect()).collect()
}

fn field(tag: Tag, ifd_num: In, value: Value) -> Field {
    Field { tag, ifd_num, value }
}

/// What a phone writes, private things included.
fn camera_exif(orientation: u16) -> Vec<u8> {
    let ascii = |text: &str| Value::Ascii(vec![text.as_bytes().to_vec()]);
    let fields = [
        field(Tag::Make, In::PRIMARY, ascii("Packshot")),
        field(Tag::Model, In::PRIMARY, ascii("One")),
        field(Tag::Orientation, In::PRIMARY, Value::Short(vec![orientation])),
        field(Tag::ExposureTime, In::PRIMARY, Value::Rational(vec![(1, 60).into()])),
        field(Tag::PixelXDimension, In::PRIMARY, Value::Long(vec![4000])),
        field(Tag::PixelYDimension, In::PRIMARY, Value::Long(vec![3000])),
        field(Tag::BodySerialNumber, In::PRIMARY, ascii("SERIAL-1")),
        field(Tag::LensSerialNumber, In::PRIMARY, ascii("SERIAL-2")),
        field(Tag::CameraOwnerName, In::PRIMARY, ascii("OWNER")),
        field(Tag::ImageUniqueID, In::PRIMARY, ascii("UNIQUE")),
        field(Tag::MakerNote, In::PRIMARY, Value::Undefined(b"NOTE-WITH-SERIAL".to_vec(), 0)),
        field(Tag::GPSLatitudeRef, In::PRIMARY, ascii("N")),
        field(Tag::GPSLatitude, In::PRIMARY, Value::Rational(vec![(52, 1).into(), (31, 1).into(), (12, 1).into()])),
    ];
    let mut writer = Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    writer.set_jpeg(b"\xff\xd8THUMBNAIL\xff\xd9", In::THUMBNAIL);
    let compression = field(Tag::Compression, In::THUMBNAIL, Value::Short(vec![6]));
    writer.push_field(&compression);
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, orientation.is_multiple_of(2)).unwrap();
    out.into_inner()
}

fn jpeg_with_exif(exif: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.add_exif_metadata(exif).unwrap();
    encoder.encode(&blocks(), 3 * BLOCK as u16, 2 * BLOCK as u16, jpeg_encoder::ColorType::Luma).unwrap();
    bytes
}

fn png_with_exif(exif: &[u8], depth: png::BitDepth) -> Vec<u8> {
    let mut info = png::Info::with_size(3 * BLOCK as u32, 2 * BLOCK as u32);
    info.bit_depth = depth;
    info.exif_metadata = Some(exif.to_vec().into());
    match depth {
        png::BitDepth::Eight => png_with(info, &blocks()),
        _ => png_with(info, &blocks().iter().flat_map(|sample| [*sample; 2]).collect::<Vec<_>>()),
    }
}

fn webp_with_exif(exif: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif.to_vec());
    encoder.encode(&blocks(), 3 * BLOCK as u32, 2 * BLOCK as u32, image_webp::ColorType::L8).unwrap();
    bytes
}

fn tiff_with_orientation(orientation: u16, wide: bool) -> Vec<u8> {
    use tiff::encoder::{TiffEncoder, colortype};
    use tiff::tags::Tag;
    let mut out = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut out).unwrap();
    let (width, height) = (3 * BLOCK as u32, 2 * BLOCK as u32);
    if wide {
        let samples: Vec<u16> = blocks().iter().map(|sample| u16::from(*sample) * 257).collect();
        let mut image = encoder.new_image::<colortype::Gray16>(width, height).unwrap();
        image.encoder().write_tag(Tag::Orientation, orientation).unwrap();
        image.write_data(&samples).unwrap();
    } else {
        let mut image = encoder.new_image::<colortype::Gray8>(width, height).unwrap();
        image.encoder().write_tag(Tag::Orientation, orientation).unwrap();
        image.encoder().write_tag(Tag::Make, "Packshot").unwrap();
        image.write_data(&blocks()).unwrap();
    }
    out.into_inner()
}

#[test]
fn every_orientation_in_every_format_comes_upright() {
    for orientation in 1..=8 {
        let exif = camera_exif(orientation);
        let files = [
            ("JPEG", jpeg_with_exif(&exif)),
            ("PNG", png_with_exif(&exif, png::BitDepth::Eight)),
            ("PNG 16", png_with_exif(&exif, png::BitDepth::Sixteen)),
            ("WebP", webp_with_exif(&exif)),
            ("TIFF", tiff_with_orientation(orientation, false)),
            ("TIFF 16", tiff_with_orientation(orientation, true)),
        ];
        for (name, bytes) in files {
            let photo = Photo::decode(&bytes).unwrap();
            assert_eq!(names(&photo), UPRIGHT[usize::from(orientation) - 1], "{name}, orientation {orientation}");
            // Written with its metadata and read again, it must not turn a second time.
            for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff] {
                for mode in [MetadataMode::Strip, MetadataMode::KeepSafe, MetadataMode::Keep] {
                    let again = photo.encode(&EncodeOptions::new(format).metadata(mode)).unwrap();
                    assert_eq!(names(&Photo::decode(&again).unwrap()), names(&photo), "{name}, {format:?}, {mode:?}");
                }
            }
        }
    }
}

#[test]
fn eight_real_orientations_are_one_picture() {
    let Some(folder) = test_data("images/exif") else { return };
    let open = |i: u32| Photo::open(folder.join(format!("Portrait_{i}.jpg"))).unwrap();
    let first = open(1);
    for i in 2..=8 {
        let photo = open(i);
        assert_eq!((photo.width(), photo.height()), (first.width(), first.height()), "Portrait_{i}");
        let difference = mean_difference(&photo.to_rgb8(), &first.to_rgb8());
        assert!(difference < 6.0, "Portrait_{i} differs by {difference}");
    }
}

// --- Metadata -------------------------------------------------------------------------------------------------------

fn has(exif: &exif::Exif, tag: Tag) -> bool {
    exif.get_field(tag, In::PRIMARY).is_some()
}

#[test]
fn metadata_is_stripped_cleaned_or_kept() {
    let photo = Photo::decode(&jpeg_with_exif(&camera_exif(6))).unwrap();
    let read = |bytes: &[u8]| exif::Reader::new().read_from_container(&mut Cursor::new(bytes));
    let private: [&[u8]; 6] = [b"SERIAL", b"OWNER", b"UNIQUE", b"NOTE", b"THUMBNAIL", b"GPS"];
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp] {
        let save = |mode| photo.encode(&EncodeOptions::new(format).metadata(mode)).unwrap();

        assert!(read(&save(MetadataMode::Strip)).is_err(), "{format:?}: stripped");

        let bytes = save(MetadataMode::KeepSafe);
        for text in private {
            assert!(!bytes.windows(text.len()).any(|window| window == text), "{format:?} leaks {text:?}");
        }
        let safe = read(&bytes).unwrap();
        assert!(has(&safe, Tag::Make) && has(&safe, Tag::Model) && has(&safe, Tag::ExposureTime), "{format:?}: safe");
        assert!(!has(&safe, Tag::GPSLatitude) && !has(&safe, Tag::MakerNote) && !has(&safe, Tag::BodySerialNumber));
        assert!(safe.fields().all(|field| field.ifd_num == In::PRIMARY), "no thumbnail");

        let kept = read(&save(MetadataMode::Keep)).unwrap();
        assert!(has(&kept, Tag::GPSLatitude) && has(&kept, Tag::MakerNote), "{format:?}: kept");
        let number = |exif: &exif::Exif, tag| exif.get_field(tag, In::PRIMARY).unwrap().value.get_uint(0).unwrap();
        assert_eq!(number(&kept, Tag::Orientation), 1);
        for exif in [&safe, &kept] {
            assert_eq!(number(exif, Tag::PixelXDimension), photo.width());
            assert_eq!(number(exif, Tag::PixelYDimension), photo.height());
        }
    }
}

#[test]
fn a_tiff_gives_its_exif_to_other_formats() {
    let photo = Photo::decode(&tiff_with_orientation(6, false)).unwrap();
    let bytes = photo.encode(&EncodeOptions::new(ImageFormat::Jpeg).metadata(MetadataMode::Keep)).unwrap();
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
    assert!(has(&exif, Tag::Make) && !has(&exif, Tag::Orientation));
}

#[test]
fn xmp_survives_only_keep() {
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.add_app_segment(1, format!("http://ns.adobe.com/xap/1.0/\0{packet}").into_bytes()).unwrap();
    encoder.encode(&[0; 64], 8, 8, jpeg_encoder::ColorType::Luma).unwrap();
    let photo = Photo::decode(&bytes).unwrap();
    assert_eq!(photo.xmp(), Some(packet.as_bytes()));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff] {
        let xmp = |mode| {
            let bytes = photo.encode(&EncodeOptions::new(format).metadata(mode)).unwrap();
            Photo::decode(&bytes).unwrap().xmp().map(<[u8]>::to_vec)
        };
        assert_eq!(xmp(MetadataMode::Keep).as_deref(), Some(packet.as_bytes()), "{format:?}");
        assert_eq!(xmp(MetadataMode::KeepSafe), None, "{format:?}");
        assert_eq!(xmp(MetadataMode::Strip), None, "{format:?}");
    }
}

// --- Colour ---------------------------------------------------------------------------------------------------------

fn with_profile(photo: &Photo, profile: &[u8]) -> Vec<u8> {
    let mut info = png::Info::with_size(photo.width(), photo.height());
    info.color_type = if photo.channels().is_gray() { png::ColorType::Grayscale } else { png::ColorType::Rgb };
    info.icc_profile = Some(profile.to_vec().into());
    match photo.samples() {
        Samples::U8(samples) => png_with(info, samples),
        Samples::U16(samples) => {
            info.bit_depth = png::BitDepth::Sixteen;
            png_with(info, &samples.iter().flat_map(|sample| sample.to_be_bytes()).collect::<Vec<_>>())
        }
    }
}

#[test]
fn display_p3_becomes_srgb_by_default_and_stays_when_kept() {
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    // Display P3 and the same colour in sRGB, by the matrices of CSS Color 4. In 8 bit moxcms rounds down.
    for (stored, srgb) in
        [([128_u8, 128, 128], [128_u8, 128, 128]), ([200, 100, 50], [215, 93, 31]), ([50, 100, 200], [26, 101, 207])]
    {
        let photo = Photo::new(2, 1, Channels::Rgb, stored.repeat(2)).unwrap();
        let bytes = with_profile(&photo, &p3);
        let converted = Photo::decode(&bytes).unwrap();
        assert_eq!(converted.profile(), None);
        let off = converted.as_u8().unwrap()[..3].iter().zip(srgb).map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
        assert!(off <= Some(1), "{stored:?}: {:?}, not {srgb:?}", &converted.as_u8().unwrap()[..3]);

        let wide = Photo::new(2, 1, Channels::Rgb, stored.map(|s| u16::from(s) * 257).repeat(2)).unwrap();
        let wide = Photo::decode(&with_profile(&wide, &p3)).unwrap();
        let off = wide.as_u16().unwrap()[..3].iter().zip(srgb).map(|(a, b)| a.abs_diff(u16::from(b) * 257)).max();
        assert!(off <= Some(257), "16 bit {stored:?}: {:?}", wide.as_u16());

        let kept = Photo::decode_with(&bytes, &DecodeOptions::new().color(ColorPolicy::Keep)).unwrap();
        assert_eq!((kept.as_u8(), kept.profile()), (photo.as_u8(), Some(&p3[..])));
        assert_eq!(kept.to_srgb(), converted);
        for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Jpeg, ImageFormat::Webp] {
            let bytes = kept.encode(&EncodeOptions::new(format)).unwrap();
            let again = Photo::decode_with(&bytes, &DecodeOptions::new().color(ColorPolicy::Keep)).unwrap();
            assert_eq!(again.profile(), Some(&p3[..]), "{format:?}");
        }
    }
}

#[test]
fn a_gray_profile_leaves_gray_and_linear_light_becomes_srgb() {
    let linear = moxcms::ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let photo = Photo::new(2, 1, Channels::Gray, vec![0_u8, 55]).unwrap();
    let converted = Photo::decode(&with_profile(&photo, &linear)).unwrap();
    assert_eq!(converted.channels(), Channels::Gray);
    // 55 / 255 of the light is 0.50 in sRGB.
    assert!(converted.as_u8().unwrap()[1].abs_diff(128) <= 1, "{:?}", converted.as_u8());
}

#[test]
fn srgb_itself_and_unusable_profiles_change_nothing() {
    let photo = noise(9, 9, Channels::Rgb, Depth::Eight);
    let srgb = moxcms::ColorProfile::new_srgb().encode().unwrap();
    let gray = moxcms::ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    let mut broken = srgb.clone();
    broken.truncate(200);
    for profile in [&srgb, &gray, &broken, &b"not a profile at all".to_vec()] {
        assert_eq!(Photo::decode(&with_profile(&photo, profile)).unwrap(), photo);
    }
    let kept = Photo::decode_with(&with_profile(&photo, &broken), &DecodeOptions::new().color(ColorPolicy::Keep));
    assert_eq!(kept.unwrap().profile(), None);
}

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
        assert!(Photo::decode(&bytes).is_ok());
        for length in (0..bytes.len()).step_by(7) {
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
    let Some(images) = test_data("images") else { return };
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
