//! JPEG: its segments. The pixels are the business of one of two coders: [`pure`], always there, and `turbo`.

mod pure;
mod strips;
#[cfg(feature = "turbo")]
mod turbo;

use super::{Decoded, Picture, corrupt, truncated, unsupported};
use crate::photo::encode::EncodeOptions;
use crate::photo::limits::Limits;
use crate::photo::metadata::{Metadata, take_orientation};
use crate::photo::{Channels, Samples, color};
use crate::{Code, Error, Result};

/// The largest side that the format can express.
pub(crate) const MAX_SIDE: u32 = 65_535;
const JFIF: &[u8] = b"JFIF\0";
const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC: &[u8] = b"ICC_PROFILE\0";
/// What one segment can carry besides its own length.
const SEGMENT_BYTES: usize = 65_533;

/// What the segments say, up to the end-of-image marker.
#[derive(Default)]
struct Segments {
    frame: Option<Frame>,
    /// The transform of Adobe's APP14: 0 none, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
    /// Pieces of the profile with their sequence numbers.
    profile: Vec<(u8, Vec<u8>)>,
    metadata: Metadata,
}

#[derive(Clone, Copy)]
struct Frame {
    width: u16,
    height: u16,
    components: u8,
}

/// The samples of a JPEG.
enum Pixels {
    Gray(Vec<u8>),
    Rgb(Vec<u8>),
    /// CMYK, zero for no ink.
    Inks(Vec<u8>),
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let segments = scan(bytes, limits)?;
    let frame = segments.frame.ok_or_else(|| corrupt("the JPEG has no frame header"))?;

    let pixels = pixels(bytes, frame, segments.adobe)?;
    let channels = if matches!(pixels, Pixels::Gray(_)) { Channels::Gray } else { Channels::Rgb };
    let (mut metadata, mut profile) = (segments.metadata, join(segments.profile));
    let samples = match pixels {
        Pixels::Inks(inks) => color::cmyk_to_srgb(&Samples::U8(inks), profile.take().as_deref()),
        Pixels::Gray(samples) | Pixels::Rgb(samples) => Samples::U8(samples),
    };
    let orientation = metadata.exif.as_deref_mut().map(take_orientation).unwrap_or_default();
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    Ok(Decoded { width, height, channels, samples, profile, metadata, orientation })
}

/// The choice between the two coders, for reading: what libjpeg-turbo does not decode without a complaint, CMYK among
/// it, is for the other to judge. So a file is good or bad in the same words with the feature and without.
fn pixels(bytes: &[u8], frame: Frame, adobe: Option<u8>) -> Result<Pixels> {
    #[cfg(feature = "turbo")]
    if let Some(pixels) = turbo::decode(bytes, frame) {
        return Ok(pixels);
    }
    pure::decode(bytes, frame, adobe)
}

/// The choice between the two coders, for writing: a whole JPEG without metadata.
fn coded(samples: &[u8], size: (u16, u16), gray: bool, options: &EncodeOptions) -> Result<Vec<u8>> {
    #[cfg(not(feature = "turbo"))]
    use pure::encode;
    #[cfg(feature = "turbo")]
    use turbo::encode;
    strips::encode(samples, size, |rows, height| encode(rows, (size.0, height), gray, options))
}

/// Walks over all segments and scans. A file without an end-of-image marker counts as cut: without it nobody can
/// tell whether the lower half is missing.
fn scan(bytes: &[u8], limits: &Limits) -> Result<Segments> {
    let mut segments = Segments::default();
    let (mut profile_bytes, mut metadata_bytes) = (0, 0);
    let mut at = 2;
    loop {
        let marker = next_marker(bytes, &mut at).ok_or_else(|| truncated("the JPEG's segments"))?;
        match marker {
            0xd9 => return Ok(segments),
            // Markers without a body.
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let body = segment(bytes, &mut at)?;
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                segments.frame = Some(frame(marker, body, limits)?);
            }
            0xe1 if body.starts_with(EXIF) => {
                metadata_bytes += body.len() as u64;
                segments.metadata.exif.get_or_insert_with(|| body[EXIF.len()..].to_vec());
            }
            0xe1 if body.starts_with(XMP) => {
                metadata_bytes += body.len() as u64;
                segments.metadata.xmp.get_or_insert_with(|| body[XMP.len()..].to_vec());
            }
            0xe2 if body.starts_with(ICC) && body.len() > ICC.len() + 2 => {
                let piece = &body[ICC.len() + 2..];
                profile_bytes += piece.len() as u64;
                limits.check_profile(profile_bytes)?;
                segments.profile.push((body[ICC.len()], piece.to_vec()));
            }
            // Extended XMP, IPTC, comments.
            0xe1 | 0xed | 0xfe => metadata_bytes += body.len() as u64,
            0xee if body.starts_with(b"Adobe") => segments.adobe = body.get(11).copied(),
            _ => {}
        }
        limits.check_metadata(metadata_bytes)?;
    }
}

/// The code of the next marker. Skips the coded picture in between: there, 0xFF is followed by a zero, by a restart
/// marker or by padding.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        *at += bytes.get(*at..)?.iter().position(|byte| *byte == 0xff)? + 1;
        match bytes.get(*at)? {
            0xff => {}
            0x00 => *at += 1,
            marker => {
                *at += 1;
                return Some(*marker);
            }
        }
    }
}

fn segment<'a>(bytes: &'a [u8], at: &mut usize) -> Result<&'a [u8]> {
    let end = || truncated("a JPEG segment");
    let length = bytes.get(*at..).and_then(|rest| rest.first_chunk()).ok_or_else(end)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return Err(corrupt("a JPEG segment is shorter than its own length"));
    }
    let body = bytes.get(*at + 2..*at + length).ok_or_else(end)?;
    *at += length;
    Ok(body)
}

fn frame(marker: u8, body: &[u8], limits: &Limits) -> Result<Frame> {
    let [precision, h1, h0, w1, w0, components, ..] = *body else {
        return Err(corrupt("the JPEG's frame is too short"));
    };
    let frame = Frame { width: u16::from_be_bytes([w1, w0]), height: u16::from_be_bytes([h1, h0]), components };
    limits.check_size(u64::from(frame.width), u64::from(frame.height))?;
    if !matches!(marker, 0xc0..=0xc2) {
        return Err(unsupported("a lossless, hierarchical or arithmetic JPEG"));
    }
    if precision != 8 {
        return Err(unsupported(format!("a JPEG with {precision} bits per sample")));
    }
    Ok(frame)
}

/// The profile from its pieces in order, or none if one is missing.
fn join(mut pieces: Vec<(u8, Vec<u8>)>) -> Option<Vec<u8>> {
    pieces.sort_by_key(|(number, _)| *number);
    let complete = pieces.iter().enumerate().all(|(i, (number, _))| usize::from(*number) == i + 1);
    (complete && !pieces.is_empty()).then(|| pieces.into_iter().flat_map(|(_, piece)| piece).collect())
}

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    let Samples::U8(samples) = picture.samples else { return Err(Error::new(Code::Internal, "16-bit JPEG")) };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| {
            unsupported(format!("{} x {} pixels; JPEG has at most {MAX_SIDE} a side", picture.width, picture.height))
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

/// Where metadata goes: behind the start of the image and, if there is one, the JFIF segment, which must come first.
fn after_jfif(jpeg: &[u8]) -> usize {
    match jpeg {
        [0xff, 0xd8, 0xff, 0xe0, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
        _ => 2,
    }
}
