//! Takes out of a file what is no picture: where and when it was taken, by what and whom, small copies of it, comments, and
//! whatever stands behind its end. The picture itself is not decoded and encoded again, so that it stays as it is.

use bytes::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::Png;
use img_parts::webp::WebP;
use packshot::{EncodeOptions, ImageFormat, Photo};

use crate::code::Code;

/// The chunks of a PNG that are the picture, its colours and its resolution.
const PNG: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs",
];
/// Those of a WebP.
const WEBP: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];
/// The bits of a WebP's VP8X chunk that say that EXIF and XMP follow.
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;
/// What begins the contents of a JPEG segment with EXIF.
const EXIF: &[u8] = b"Exif\0\0";

/// The file without metadata, and its format. Which side is up is kept.
pub(super) fn stripped(file: &[u8], format: ImageFormat, photo: &Photo) -> Result<(Bytes, ImageFormat), Code> {
    let bytes = Bytes::copy_from_slice(file);
    let unreadable = |_| Code::AssetNotAPhoto;
    let stripped = match format {
        ImageFormat::Jpeg => {
            let end = end_of_jpeg(file).ok_or(Code::AssetNotAPhoto)?;
            jpeg(Jpeg::from_bytes(bytes.slice(..end)).map_err(unreadable)?)
        }
        ImageFormat::Png => {
            let mut png = Png::from_bytes(bytes).map_err(unreadable)?;
            png.chunks_mut().retain(|chunk| PNG.contains(&&chunk.kind()));
            png.encoder().bytes()
        }
        ImageFormat::Webp => webp(WebP::from_bytes(bytes).map_err(unreadable)?),
        // Formats of many parts: what was decoded is written anew, and loses nothing.
        _ => {
            let png = photo.encode(&EncodeOptions::new(ImageFormat::Png)).map_err(|_| Code::AssetNotAPhoto)?;
            return Ok((png.into(), ImageFormat::Png));
        }
    };
    // A PNG or WebP whose EXIF turned it lies as its pixels do from now on; so it is written anew.
    let turned = format != ImageFormat::Jpeg && Photo::decode(&stripped).is_ok_and(|kept| !is_same(&kept, photo));
    if turned {
        let png = photo.encode(&EncodeOptions::new(ImageFormat::Png)).map_err(|_| Code::AssetNotAPhoto)?;
        return Ok((png.into(), ImageFormat::Png));
    }
    Ok((stripped, format))
}

fn is_same(one: &Photo, other: &Photo) -> bool {
    (one.width(), one.height(), one.samples()) == (other.width(), other.height(), other.samples())
}

/// Where the picture ends: cameras and people put more behind it.
fn end_of_jpeg(file: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        // To the next marker, over the entropy-coded data if there is some: in that, 0xFF is followed by 0 or a restart.
        at += file.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *file.get(at + 1)? {
            0xff => at += 1,
            0 | markers::RST0..=markers::RST7 => at += 2,
            markers::EOI => return Some(at + 2),
            _ => at += 2 + usize::from(u16::from_be_bytes([*file.get(at + 2)?, *file.get(at + 3)?])),
        }
    }
}

fn jpeg(mut jpeg: Jpeg) -> Bytes {
    let turned = jpeg.segments().iter().find_map(orientation);
    jpeg.segments_mut().retain(|segment| match segment.marker() {
        // APP0 has the resolution, APP2 the colour profile, and APP14 how colours are encoded.
        markers::APP2 => segment.contents().starts_with(b"ICC_PROFILE\0"),
        markers::APP0 => segment.contents().starts_with(b"JFIF\0"),
        markers::APP14 => segment.contents().starts_with(b"Adobe"),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    });
    if let Some(orientation) = turned {
        let exif = [EXIF, b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", &[orientation], b"\0\0\0\0\0\0"].concat();
        let after = usize::from(jpeg.segments().first().is_some_and(|segment| segment.marker() == markers::APP0));
        jpeg.segments_mut().insert(after, JpegSegment::new_with_contents(markers::APP1, exif.into()));
    }
    jpeg.encoder().bytes()
}

/// Which side is up, unless it is the first row.
fn orientation(segment: &JpegSegment) -> Option<u8> {
    let exif = segment.contents().strip_prefix(EXIF).filter(|_| segment.marker() == markers::APP1)?;
    let exif = exif::Reader::new().read_raw(exif.to_vec()).ok()?;
    let found = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)?;
    u8::try_from(found).ok().filter(|found| (2..=8).contains(found))
}

fn webp(mut webp: WebP) -> Bytes {
    webp.chunks_mut().retain(|chunk| WEBP.contains(&&chunk.id()));
    for chunk in webp.chunks_mut() {
        if chunk.id() == *b"VP8X"
            && let Some(flags) = chunk.content().data()
        {
            let mut flags = flags.to_vec();
            if let Some(first) = flags.first_mut() {
                *first &= !(WEBP_EXIF | WEBP_XMP);
            }
            *chunk = img_parts::riff::RiffChunk::new(*b"VP8X", img_parts::riff::RiffContent::Data(flags.into()));
        }
    }
    webp.encoder().bytes()
}
