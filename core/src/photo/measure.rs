//! Reads the size of a picture from its header, before anything of that size is allocated.

use std::io::Cursor;

use super::ifd::Tiff;
use super::{ImageFormat, format};

/// Width and height, if the header can be read. A header may lie: this is for planning only, and the decoder checks
/// again.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match format::of(bytes).ok()? {
        ImageFormat::Jpeg => jpeg(bytes),
        ImageFormat::Png => Some((big(bytes, 16)?, big(bytes, 20)?)),
        ImageFormat::Webp => Some(image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?.dimensions()),
        ImageFormat::Tiff => tiff(bytes),
        ImageFormat::Avif | ImageFormat::Heic => None,
    }
}

/// From the first page's directory.
fn tiff(bytes: &[u8]) -> Option<(u32, u32)> {
    const SIDES: [u16; 2] = [256, 257];
    let tiff = Tiff::parse(bytes)?;
    let page = tiff.directory(tiff.first()?)?;
    let [width, height] = SIDES.map(|tag| {
        let entry = page.entries.iter().find(|entry| entry.tag == tag)?;
        u32::try_from(tiff.number(entry)?).ok()
    });
    width.zip(height)
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// From the frame's header; skips all markers before it.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)?) {
            (0xFF, 0xFF) => at += 1,
            (0xFF, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF) => {
                let size = bytes.get(at + 5..at + 9)?;
                let side = |at: usize| u32::from(u16::from_be_bytes([size[at], size[at + 1]]));
                return Some((side(2), side(0)));
            }
            (0xFF, 0x01 | 0xD0..=0xD8) => at += 2,
            (0xFF, _) => at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?])),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::{Channels, EncodeOptions, Photo};

    #[test]
    fn every_format_tells_its_size_and_no_prefix_panics() {
        let photo = Photo::new(31, 7, Channels::Rgb, vec![9_u8; 31 * 7 * 3]).unwrap();
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff] {
            let bytes = photo.encode(&EncodeOptions::new(format)).unwrap();
            assert_eq!(size(&bytes), Some((31, 7)), "{format:?}");
            for length in 0..bytes.len() {
                let _ = size(&bytes[..length]);
            }
        }
        assert_eq!(size(b"\xff\xd8\xff\xe0\0\0\0\0\0"), None);
    }
}
