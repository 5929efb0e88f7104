//! JPEG: segments, baseline and progressive pixels, CMYK and YCCK as Adobe writes them.

use jpeg_encoder::{ColorType, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::{Decoded, Picture, corrupt, refused, truncated, unsupported};
use crate::photo::encode::{Chroma, EncodeOptions};
use crate::photo::limits::Limits;
use crate::photo::metadata::{Metadata, take_orientation};
use crate::photo::{Channels, Samples, color};
use crate::{Code, Error, Result};

/// The largest side that the format can express.
pub(crate) const MAX_SIDE: u32 = 65_535;
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

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let segments = scan(bytes, limits)?;
    let frame = segments.frame.ok_or_else(|| corrupt("the JPEG has no frame header"))?;

    // Strict: a lenient decoder fills what is damaged with gray, and nobody would notice.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(decode_error)?;
    let stored = decoder.input_colorspace().ok_or_else(|| corrupt("the JPEG has no colour space"))?;
    let (wanted, channels) = match frame.components {
        1 => (ColorSpace::Luma, Channels::Gray),
        3 => (ColorSpace::RGB, Channels::Rgb),
        // The decoder's own conversion knows no profiles.
        4 => (stored, Channels::Rgb),
        n => return Err(unsupported(format!("a JPEG with {n} components"))),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let pixels = decoder.decode().map_err(decode_error)?;

    let (mut metadata, mut profile) = (segments.metadata, join(segments.profile));
    let samples = if frame.components == 4 {
        let profile = profile.take();
        color::cmyk_to_srgb(&Samples::U8(inks(pixels, segments.adobe == Some(2))), profile.as_deref())
    } else {
        Samples::U8(pixels)
    };
    let orientation = metadata.exif.as_deref_mut().map(take_orientation).unwrap_or_default();
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    Ok(Decoded { width, height, channels, samples, profile, metadata, orientation })
}

/// CMYK with zero for no ink from the stored samples. Adobe stores light instead of ink, everybody followed, and
/// YCCK is the same with the first three samples turned into YCbCr.
fn inks(mut stored: Vec<u8>, ycck: bool) -> Vec<u8> {
    for pixel in stored.chunks_exact_mut(4) {
        if ycck {
            let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            // Rounded; `as` clamps. What JFIF would call R, G, B is the ink.
            pixel[0] = (y + 1.402 * (cr - 128.0) + 0.5) as u8;
            pixel[1] = (y - 0.344_136 * (cb - 128.0) - 0.714_136 * (cr - 128.0) + 0.5) as u8;
            pixel[2] = (y + 1.772 * (cb - 128.0) + 0.5) as u8;
        } else {
            for sample in &mut pixel[..3] {
                *sample = 255 - *sample;
            }
        }
        pixel[3] = 255 - pixel[3];
    }
    stored
}

fn decode_error(cause: DecodeErrors) -> Error {
    let code = match &cause {
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => Code::PhotoTruncated,
        DecodeErrors::FormatStatic("Premature end of buffer") => Code::PhotoTruncated,
        DecodeErrors::Unsupported(_) => Code::PhotoUnsupported,
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the JPEG cannot be decoded").because(cause.to_string())
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
    let color = if picture.channels.is_gray() { ColorType::Luma } else { ColorType::Rgb };
    let side = |side: u32| {
        u16::try_from(side).map_err(|_| {
            unsupported(format!("{} x {} pixels; JPEG has at most {MAX_SIDE} a side", picture.width, picture.height))
        })
    };
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, options.quality);
    encoder.set_sampling_factor(match options.chroma {
        Chroma::Half => SamplingFactor::R_4_2_0,
        Chroma::Full => SamplingFactor::R_4_4_4,
    });
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    for (marker, body) in [(EXIF, &picture.metadata.exif), (XMP, &picture.metadata.xmp)] {
        let Some(body) = body else { continue };
        if marker.len() + body.len() > SEGMENT_BYTES {
            let message = format!("{} bytes of EXIF or XMP do not fit into a JPEG segment", body.len());
            return Err(Error::new(Code::LimitMetadata, message));
        }
        encoder.add_app_segment(1, [marker, body].concat()).map_err(|cause| refused("JPEG", cause))?;
    }
    if let Some(profile) = picture.profile {
        encoder.add_icc_profile(profile).map_err(|cause| {
            Error::new(Code::LimitProfile, "the colour profile does not fit into a JPEG").because(cause)
        })?;
    }
    encoder
        .encode(samples, side(picture.width)?, side(picture.height)?, color)
        .map_err(|cause| refused("JPEG", cause))?;
    Ok(out)
}
