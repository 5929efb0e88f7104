//! Orientation wherever it is written, and metadata that stays true to the picture.

use std::io::{Cursor, Write};

use exif::{In, Tag};
use packshot::{Channels, Code, DecodeOptions, EncodeOptions, ImageFormat, MetadataMode, Photo};
use proptest::prelude::*;

use super::camera::{camera_exif, jpeg_with_exif};
use super::with_chunks;
use crate::common::outside;

const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff];

/// One field, in little-endian order: a tag, a type, and the four bytes of its value.
fn exif_of(kind: u16, value: [u8; 4], count_of_fields: u16, next: bool) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend(count_of_fields.to_le_bytes());
    out.extend([0x12, 0x01]);
    out.extend(kind.to_le_bytes());
    out.extend([1, 0, 0, 0]);
    out.extend(value);
    if next {
        out.extend([0; 4]);
    }
    out
}

fn xmp_with(orientation: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/' xmlns:xmp='http://ns.adobe.com/xap/1.0/' \
         xmlns:exif='http://ns.adobe.com/exif/1.0/' exif:PixelXDimension='4000' {orientation}>\
         <xmp:Thumbnails><rdf:Alt><rdf:li>OLDPICTURE</rdf:li></rdf:Alt></xmp:Thumbnails></rdf:Description></rdf:RDF>\
         </x:xmpmeta>"
    )
}

/// A PNG of 3 x 2 pixels with more chunks before its picture.
fn png_with_chunks(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let photo = Photo::new(3, 2, Channels::Gray, vec![0_u8, 50, 100, 150, 200, 250]).unwrap();
    let whole = photo.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap();
    with_chunks(&whole, chunks)
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn raw_profile(name: &str, block: &[u8]) -> Vec<u8> {
    let hex: Vec<String> =
        block.chunks(36).map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
    format!("\n{name}\n{:8}\n{}\n", block.len(), hex.join("\n")).into_bytes()
}

fn is_turned(photo: &Photo) -> bool {
    // Orientation 6: the stored left column, from below, is the first row.
    (photo.width(), photo.height()) == (2, 3) && photo.as_u8().unwrap() == [150, 0, 200, 50, 250, 100]
}

#[test]
fn orientation_is_found_wherever_a_png_has_it() {
    let exif = exif_of(3, [6, 0, 0, 0], 1, true);
    let prefixed = [b"Exif\0\0", &exif[..]].concat();
    let text = |keyword: &str, text: &[u8]| [keyword.as_bytes(), b"\0", text].concat();
    let xmp = xmp_with("tiff:Orientation='6'");
    let mut files = vec![
        ("eXIf", b"eXIf", exif.clone()),
        ("eXIf with JPEG's prefix", b"eXIf", prefixed.clone()),
        ("tEXt", b"tEXt", text("Raw profile type exif", &raw_profile("exif", &prefixed))),
        ("zTXt", b"zTXt", text("Raw profile type exif", &[b"\0", &packed(&raw_profile("exif", &exif))[..]].concat())),
        (
            "zTXt APP1",
            b"zTXt",
            text("Raw profile type APP1", &[b"\0", &packed(&raw_profile("APP1", &prefixed))[..]].concat()),
        ),
        ("iTXt", b"iTXt", text("Raw profile type exif", &[b"\0\0\0\0", &raw_profile("exif", &exif)[..]].concat())),
        ("XMP alone", b"iTXt", text("XML:com.adobe.xmp", &[b"\0\0\0\0", xmp.as_bytes()].concat())),
    ];
    for (name, block) in [
        ("no next pointer", exif_of(3, [6, 0, 0, 0], 1, false)),
        ("more fields than there are", exif_of(3, [6, 0, 0, 0], 20, true)),
        ("a LONG", exif_of(4, [6, 0, 0, 0], 1, true)),
        ("a BYTE", exif_of(1, [6, 0, 0, 0], 1, true)),
    ] {
        files.push((name, b"eXIf", block));
    }
    for (name, chunk, body) in files {
        let photo = Photo::decode(&png_with_chunks(&[(chunk, body)])).unwrap();
        assert!(is_turned(&photo), "{name}: {} x {}", photo.width(), photo.height());
        for format in FORMATS {
            for mode in [MetadataMode::KeepSafe, MetadataMode::Keep] {
                let again = photo.encode(&EncodeOptions::new(format).metadata(mode)).unwrap();
                let again = Photo::decode(&again).unwrap();
                assert_eq!((again.width(), again.height()), (2, 3), "{name}, {format}, {mode}: not turned again");
            }
        }
    }
    // EXIF goes before XMP, and the chunk before text.
    let one = exif_of(3, [1, 0, 0, 0], 1, true);
    let both = png_with_chunks(&[
        (b"zTXt", text("Raw profile type exif", &[b"\0", &packed(&raw_profile("exif", &exif))[..]].concat())),
        (b"iTXt", text("XML:com.adobe.xmp", &[b"\0\0\0\0", xmp.as_bytes()].concat())),
        (b"eXIf", one),
    ]);
    assert_eq!(Photo::decode(&both).unwrap().width(), 3);
}

#[test]
fn jpegs_with_odd_exif_are_turned() {
    for exif in [exif_of(3, [6, 0, 0, 0], 1, false), exif_of(3, [6, 0, 0, 0], 20, true)] {
        let photo = Photo::decode(&jpeg_with_exif(&exif)).unwrap();
        assert_eq!((photo.width(), photo.height()), (32, 48));
    }
    let Some(folder) = outside("failing") else { return };
    for name in ["exif_nonext.jpg", "exif_count20.jpg", "exif_prefix.png", "rawprofile.png"] {
        // Stored 96 x 64.
        let photo = Photo::open(folder.join(name)).unwrap();
        assert_eq!((photo.width(), photo.height()), (64, 96), "{name}");
    }
}

fn kept(photo: &Photo, format: ImageFormat) -> Vec<u8> {
    photo.encode(&EncodeOptions::new(format).metadata(MetadataMode::Keep)).unwrap()
}

#[test]
fn what_is_kept_tells_of_the_picture_that_is_saved() {
    let xmp = xmp_with("tiff:Orientation='6'");
    let jpeg = jpeg_with_exif(&camera_exif(6));
    let segment = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((segment.len() as u16 + 2).to_be_bytes());
    bytes.extend(segment);
    bytes.extend(&jpeg[2..]);
    let photo = Photo::decode(&bytes).unwrap();
    for format in FORMATS {
        let bytes = kept(&photo, format);
        for old in ["THUMBNAIL", "OLDPICTURE", "='6'", "'4000'"] {
            assert!(!bytes.windows(old.len()).any(|window| window == old.as_bytes()), "{format} still has {old}");
        }
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        assert!(exif.fields().all(|field| field.ifd_num == In::PRIMARY), "{format}: no thumbnail's directory");
        let text = |tag| exif.get_field(tag, In::PRIMARY).unwrap().display_value().to_string();
        assert_eq!(
            (text(Tag::Make), text(Tag::ExposureTime)),
            ("\"Packshot\"".to_owned(), "1/60".to_owned()),
            "{format}"
        );
        assert_eq!(text(Tag::GPSLatitude), "52 deg 31 min 12 sec", "{format}");
        let number = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        assert!(matches!(number(Tag::Orientation), None | Some(1)), "{format}");
        assert_eq!(number(Tag::PixelXDimension), Some(photo.width()), "{format}");
        let xmp = Photo::decode(&bytes).unwrap().xmp().map(|xmp| String::from_utf8(xmp.to_vec()).unwrap()).unwrap();
        assert!(
            xmp.contains("tiff:Orientation='1'") && xmp.contains(&format!("='{}'", photo.width())),
            "{format}: {xmp}"
        );
    }
}

#[test]
fn kept_metadata_from_outside_is_true() {
    let Some(folder) = outside("failing") else { return };
    let photo = Photo::open(folder.join("meta6.jpg")).unwrap();
    assert_eq!((photo.width(), photo.height()), (300, 400));
    for format in FORMATS {
        let bytes = kept(&photo, format);
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        let model = exif.get_field(Tag::Model, In::PRIMARY).unwrap().display_value().to_string();
        let serial = exif.get_field(Tag::BodySerialNumber, In::PRIMARY).unwrap().display_value().to_string();
        assert_eq!((&*model, &*serial), ("\"R5\"", "\"12345\""), "{format}");
        assert!(exif.get_field(Tag::JPEGInterchangeFormat, In::THUMBNAIL).is_none(), "{format}");
        // The thumbnail alone has 2,071 bytes.
        assert!(exif.buf().len() < 2071 || format == ImageFormat::Tiff, "{format}: {} bytes", exif.buf().len());
        let xmp = Photo::decode(&bytes).unwrap().xmp().map(|xmp| String::from_utf8(xmp.to_vec()).unwrap()).unwrap();
        assert!(!xmp.contains("Orientation>6") && !xmp.contains("Orientation=\"6"), "{format}: {xmp}");
    }
}

#[test]
fn large_metadata_is_in_nobodys_way_until_it_shall_be_kept() {
    let exif = [exif_of(3, [6, 0, 0, 0], 1, true), vec![0; 5 << 20]].concat();
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0", &vec![b' '; 5 << 20][..]].concat();
    let photo = Photo::decode(&png_with_chunks(&[(b"eXIf", exif), (b"iTXt", xmp)])).unwrap();
    assert!(is_turned(&photo));
    let save = |mode| photo.encode(&EncodeOptions::new(ImageFormat::Png).metadata(mode));
    assert!(save(MetadataMode::Strip).is_ok());
    for mode in [MetadataMode::KeepSafe, MetadataMode::Keep] {
        let error = save(mode).unwrap_err();
        assert_eq!(error.code(), Code::LimitMetadata);
        assert!(error.message().contains("EXIF") && error.remedy().contains("`strip`"), "{error}");
    }
    // Text that is nothing to us, of any size.
    let text = [b"Comment\0", &vec![b'x'; 6 << 20][..]].concat();
    assert!(Photo::decode(&png_with_chunks(&[(b"tEXt", text)])).is_ok());
}

/// A field whose offset points into the header: what makes the picture upright must not be written there.
#[test]
fn an_orientation_that_points_at_the_header_costs_nothing_else() {
    let mut exif = camera_exif(6);
    let line = exif.windows(4).position(|bytes| bytes == [0x12, 1, 3, 0]).unwrap();
    exif[line + 4] = 3;
    let photo = Photo::decode(&png_with_chunks(&[(b"eXIf", exif)])).unwrap();
    for format in FORMATS {
        let bytes = kept(&photo, format);
        let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
        let number = |tag| exif.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        assert!(matches!(number(Tag::Orientation), None | Some(1)), "{format}");
        assert!(exif.get_field(Tag::ExposureTime, In::PRIMARY).is_some(), "{format}: the rest of the block is gone");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a block of EXIF looks like: a picture saved with it is read again the same way up.
    #[test]
    fn what_is_kept_never_turns_twice(mut exif in Just(camera_exif(6)), at in 8_usize..300, byte in any::<u8>(), cut in 0_usize..200) {
        let place = at % exif.len();
        exif[place] = byte;
        exif.truncate(exif.len() - cut.min(exif.len() - 10));
        let photo = Photo::decode(&png_with_chunks(&[(b"eXIf", exif)])).unwrap();
        for format in FORMATS {
            for mode in [MetadataMode::KeepSafe, MetadataMode::Keep] {
                let bytes = photo.encode(&EncodeOptions::new(format).metadata(mode)).unwrap();
                let again = Photo::decode_with(&bytes, &DecodeOptions::new()).unwrap();
                prop_assert_eq!((again.width(), again.height()), (photo.width(), photo.height()));
            }
        }
    }
}
