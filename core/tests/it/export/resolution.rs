use std::io::Cursor;

use exif::{In, Reader, Tag, Value};
use packshot::{Channels, ImageFormat, MetadataMode, Photo};

use super::{new, waves};

fn committed(name: &str) -> Photo {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/cases/photos").join(name);
    Photo::open(path).unwrap()
}

/// Horizontal, vertical and unit of an EXIF block.
fn stated(exif: &exif::Exif) -> (f64, f64, u32) {
    let dots = |tag| match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Rational(values) => values[0].to_f64(),
        other => unreachable!("{other:?}"),
    };
    let unit = exif.get_field(Tag::ResolutionUnit, In::PRIMARY).unwrap().value.get_uint(0).unwrap();
    (dots(Tag::XResolution), dots(Tag::YResolution), unit)
}

fn raw(exif: &[u8]) -> exif::Exif {
    Reader::new().read_raw(exif.to_vec()).unwrap()
}

#[test]
fn jpeg_says_it_in_jfif() {
    for channels in [Channels::Gray, Channels::Rgb] {
        for dpi in [1, 72, 300, 65_535] {
            let bytes = waves(30, 300, channels).encode(&new(ImageFormat::Jpeg).dpi(dpi)).unwrap();
            assert_eq!(bytes[6..11], *b"JFIF\0");
            let [x, y] = [14, 16].map(|at| u32::from(u16::from_be_bytes([bytes[at], bytes[at + 1]])));
            assert_eq!((bytes[13], x, y), (1, dpi, dpi), "unit 1 is dots per inch");
            assert!(Photo::decode(&bytes).unwrap().exif().is_none());
        }
    }
}

#[test]
fn png_says_it_per_metre() {
    for (dpi, expected) in [(1, 39), (72, 2835), (96, 3780), (300, 11_811), (65_535, 2_580_118)] {
        let bytes = waves(8, 8, Channels::Rgba).encode(&new(ImageFormat::Png).dpi(dpi)).unwrap();
        let reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
        let dims = reader.info().pixel_dims.unwrap();
        assert_eq!((dims.xppu, dims.yppu, dims.unit), (expected, expected, png::Unit::Meter));
    }
}

#[test]
fn tiff_says_it_in_its_directory() {
    for channels in [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba] {
        let bytes = waves(8, 8, channels).encode(&new(ImageFormat::Tiff).dpi(254)).unwrap();
        let mut decoder = tiff::decoder::Decoder::new(Cursor::new(&bytes)).unwrap();
        let unit = decoder.get_tag_u32(tiff::tags::Tag::ResolutionUnit).unwrap();
        let x = decoder.get_tag_u32_vec(tiff::tags::Tag::XResolution).unwrap();
        assert_eq!((unit, x), (2, vec![254, 1]));
        assert_eq!(stated(&raw(&bytes)), (254.0, 254.0, 2));
    }
}

#[test]
fn webp_says_it_in_exif() {
    for lossless in [false, true] {
        let bytes = waves(8, 8, Channels::Rgb).encode(&new(ImageFormat::Webp).lossless(lossless).dpi(144)).unwrap();
        let exif = Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        assert_eq!(stated(&exif), (144.0, 144.0, 2));
        assert_eq!(exif.fields().count(), 3, "nothing else is said");
    }
}

#[test]
fn metadata_that_is_kept_agrees() {
    let photo = committed("sideways.jpg");
    let before = raw(photo.exif().unwrap());
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp] {
        for mode in [MetadataMode::KeepSafe, MetadataMode::Keep] {
            let options = new(format).metadata(mode);
            let plain = Photo::decode(&photo.encode(&options).unwrap()).unwrap();
            let with = Photo::decode(&photo.encode(&options.dpi(240)).unwrap()).unwrap();
            let (plain, with) = (raw(plain.exif().unwrap()), raw(with.exif().unwrap()));
            assert_eq!(stated(&with), (240.0, 240.0, 2), "{format} {mode}");
            let about = |tag: Tag| [Tag::XResolution, Tag::YResolution, Tag::ResolutionUnit].contains(&tag);
            let fields = |exif: &exif::Exif| {
                let fields = exif.fields().filter(|field| !about(field.tag));
                let mut fields: Vec<_> = fields.map(|f| (f.tag, f.ifd_num, format!("{:?}", f.value))).collect();
                fields.sort_by_key(|(tag, ifd, _)| (ifd.index(), tag.number()));
                fields
            };
            assert_eq!(fields(&with), fields(&plain), "{format} {mode}: all else is as it was");
        }
    }
    assert!(before.fields().count() > 3);
}

#[test]
fn without_the_option_nothing_is_said() {
    let bytes = waves(8, 8, Channels::Rgb).encode(&new(ImageFormat::Png)).unwrap();
    assert!(png::Decoder::new(Cursor::new(bytes)).read_info().unwrap().info().pixel_dims.is_none());
    let bytes = waves(8, 8, Channels::Rgb).encode(&new(ImageFormat::Webp)).unwrap();
    assert!(Photo::decode(&bytes).unwrap().exif().is_none());
}
