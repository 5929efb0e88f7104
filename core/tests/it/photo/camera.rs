//! What cameras and editors add: orientation, metadata, colour profiles.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use packshot::{Channels, ColorPolicy, DecodeOptions, Depth, EncodeOptions, ImageFormat, MetadataMode, Photo, Samples};

use super::*;
use crate::common::outside;

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
pub(crate) fn camera_exif(orientation: u16) -> Vec<u8> {
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

pub(crate) fn jpeg_with_exif(exif: &[u8]) -> Vec<u8> {
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
    let Some(folder) = outside("images/exif") else { return };
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
