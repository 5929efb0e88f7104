//! JPEG: metadata, and assembling files. Samples are decoded by [`exact`], which is our own.

mod exact;
mod headers;
mod huffman;
mod idct;
mod layout;
mod pure;
mod samples;
mod scan;
mod segments;
mod standard;
mod strips;
#[cfg(feature = "turbo")]
mod turbo;
mod wide;

use headers::Headers;
use segments::{Segment, Segments};

use super::{Decoded, Picture, corrupt, truncated, unsupported};
use crate::error::{Code, Error, Result};
use crate::photo::encode::EncodeOptions;
use crate::photo::limits::Limits;
use crate::photo::metadata::Metadata;
use crate::photo::{Channels, Samples, color};

/// The largest side that the format can express.
pub(crate) const MAX_SIDE: u32 = 65_535;
const JFIF: &[u8] = b"JFIF\0";
const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
/// What one segment can carry besides its own length.
const SEGMENT_BYTES: usize = 65_533;

/// Metadata in the segments.
#[derive(Default)]
struct Notes {
    /// Pieces of the profile with their sequence numbers.
    profile: Vec<(u8, Vec<u8>)>,
    profile_bytes: u64,
    metadata: Metadata,
}

/// The samples of a JPEG.
enum Pixels {
    Gray(Vec<u8>),
    Rgb(Vec<u8>),
    /// CMYK, zero for no ink.
    Inks(Vec<u8>),
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let (mut headers, mut notes) = (Headers::default(), Notes::default());
    let mut segments = Segments::of(bytes);
    // A picture without an end-of-image marker is accepted if every row is there.
    while let Some(segment) = segments.next()? {
        headers.read(&segment, limits)?;
        notes.read(&segment, limits)?;
        if headers.is_complete() {
            break;
        }
    }
    let frame = match (&headers.frame, segments.has_end) {
        (Some(frame), _) => frame,
        (None, true) => return Err(corrupt("the JPEG has no frame header")),
        (None, false) => return Err(truncated("the JPEG's segments")),
    };
    limits.check_size(u64::from(frame.width), u64::from(frame.height))?;
    let pixels = exact::decode(&headers, frame)?;

    let channels = if matches!(pixels, Pixels::Gray(_)) { Channels::Gray } else { Channels::Rgb };
    let (mut metadata, mut profile) = (notes.metadata, join(notes.profile));
    let samples = match pixels {
        Pixels::Inks(inks) => color::cmyk_to_srgb(&Samples::U8(inks), false, profile.take().as_deref()),
        Pixels::Gray(samples) | Pixels::Rgb(samples) => Samples::U8(samples),
    };
    let orientation = metadata.upright();
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    Ok(Decoded { width, height, channels, samples, profile, metadata, orientation, notes: Vec::new() })
}

/// Decodes a JPEG inside another file, which defines the meaning of its samples: returns width, height, and the samples
/// as stored, except that YCbCr is converted to RGB.
pub(crate) fn decode_bare(bytes: &[u8], limits: &Limits) -> Result<(usize, usize, Vec<u8>)> {
    let mut headers = Headers::default();
    let mut segments = Segments::of(bytes);
    while let Some(segment) = segments.next()? {
        headers.read(&segment, limits)?;
        if headers.is_complete() {
            break;
        }
    }
    let frame = headers.frame.as_ref().ok_or_else(|| corrupt("the JPEG has no frame header"))?;
    limits.check_size(u64::from(frame.width), u64::from(frame.height))?;
    let samples = match exact::decode(&headers, frame)? {
        Pixels::Gray(samples) | Pixels::Rgb(samples) => samples,
        Pixels::Inks(inks) => inks.into_iter().map(|ink| 255 - ink).collect(),
    };
    Ok((usize::from(frame.width), usize::from(frame.height), samples))
}

impl Notes {
    fn read(&mut self, segment: &Segment<'_>, limits: &Limits) -> Result<()> {
        let body = segment.body;
        match segment.marker {
            0xe1 if body.starts_with(EXIF) => self.metadata.add_exif(body, limits),
            0xe1 if body.starts_with(XMP) => self.metadata.add_xmp(&body[XMP.len()..], limits),
            0xe2 if body.starts_with(ICC) && body.len() > ICC.len() + 2 => {
                let piece = &body[ICC.len() + 2..];
                self.profile_bytes += piece.len() as u64;
                limits.check_profile(self.profile_bytes)?;
                self.profile.push((body[ICC.len()], piece.to_vec()));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Encodes a complete JPEG without metadata, by one of two encoders: [`pure`], always compiled in, or `turbo`.
fn coded(samples: &[u8], size: (u16, u16), gray: bool, options: &EncodeOptions) -> Result<Vec<u8>> {
    #[cfg(not(feature = "turbo"))]
    use pure::encode;
    #[cfg(feature = "turbo")]
    use turbo::encode;
    strips::encode(samples, size, |rows, height| encode(rows, (size.0, height), gray, options))
}

/// Joins the pieces of the profile in order; `None` if one is missing.
fn join(mut pieces: Vec<(u8, Vec<u8>)>) -> Option<Vec<u8>> {
    pieces.sort_by_key(|(number, _)| *number);
    let complete = pieces.iter().enumerate().all(|(i, (number, _))| usize::from(*number) == i + 1);
    (complete && !pieces.is_empty()).then(|| pieces.into_iter().flat_map(|(_, piece)| piece).collect())
}

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    let Samples::U8(samples) = picture.samples else { return Err(Error::new(Code::Internal, "16-bit JPEG")) };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| {
            unsupported(format!(
                "the picture is {} x {} pixels, and JPEG has at most {MAX_SIDE} a side",
                picture.width, picture.height
            ))
        })
    };
    let size = (side(picture.width)?, side(picture.height)?);
    let segments = segments_of(picture)?;
    let mut jpeg = coded(samples, size, picture.channels.is_gray(), options)?;
    if let Some(dpi) = options.dpi.and_then(|dpi| u16::try_from(dpi).ok()) {
        set_density(&mut jpeg, dpi);
    }
    if !segments.is_empty() {
        let at = after_jfif(&jpeg);
        jpeg.splice(at..at, segments);
    }
    Ok(jpeg)
}

/// Writes dots per inch into the JFIF segment; a file that has none gets one.
fn set_density(jpeg: &mut Vec<u8>, dpi: u16) {
    if jpeg.get(6..11) != Some(JFIF) {
        // Version 1.2, density, and no thumbnail.
        let segment = [&[0xff, 0xe0, 0, 16], JFIF, &[1, 2, 0, 0, 1, 0, 1, 0, 0]].concat();
        jpeg.splice(2..2, segment);
    }
    // Behind the version: the unit, inches, and both directions.
    let [high, low] = dpi.to_be_bytes();
    jpeg[13..18].copy_from_slice(&[1, high, low, high, low]);
}

/// The segments that carry a picture's metadata and profile.
fn segments_of(picture: &Picture<'_>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut push = |marker: u8, parts: &[&[u8]]| {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let Some(length) = u16::try_from(length + 2).ok() else { return false };
        out.extend_from_slice(&[0xff, marker]);
        out.extend_from_slice(&length.to_be_bytes());
        parts.iter().for_each(|part| out.extend_from_slice(part));
        true
    };
    for (name, body) in [(EXIF, &picture.metadata.exif), (XMP, &picture.metadata.xmp)] {
        let Some(body) = body else { continue };
        if !push(0xe1, &[name, body]) {
            let message = format!("{} bytes of EXIF or XMP do not fit into a JPEG segment", body.len());
            return Err(Error::new(Code::LimitMetadata, message));
        }
    }
    if let Some(profile) = picture.profile {
        let pieces = profile.chunks(SEGMENT_BYTES - ICC.len() - 2);
        let count = u8::try_from(pieces.len()).map_err(|cause| {
            Error::new(Code::LimitProfile, "the colour profile does not fit into a JPEG").because(cause)
        })?;
        for (number, piece) in (1..=count).zip(pieces) {
            push(0xe2, &[ICC, &[number, count], piece]);
        }
    }
    Ok(out)
}

/// The offset for metadata: after the start of the image and the JFIF segment, if any, which must come first.
fn after_jfif(jpeg: &[u8]) -> usize {
    match jpeg {
        [0xff, 0xd8, 0xff, 0xe0, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => 2,
    }
}
