//! PNG: chunks, 8 and 16 bit pixels, compressed profiles and text.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::Range;

use flate2::read::ZlibDecoder;
use png::{BitDepth, ColorType, DecodingError, Transformations};

use super::{Decoded, Picture, code_of, corrupt, refused, truncated};
use crate::error::{Code, Error, Result};
use crate::photo::format::PNG_SIGNATURE;
use crate::photo::limits::Limits;
use crate::photo::metadata::Metadata;
use crate::photo::{Channels, ColorPolicy, EncodeOptions, PngCompression, Samples, color};

const METRES_PER_INCH: f64 = 0.0254;
const XMP_KEYWORD: &str = "XML:com.adobe.xmp";
/// Memory for the decoder besides the picture and its rows.
const WORKSPACE_BYTES: usize = 64 << 20;

/// EXIF as text, which ImageMagick and others wrote before PNG had a chunk for it: the length, then hexadecimal.
const RAW_EXIF: [&str; 2] = ["Raw profile type exif", "Raw profile type APP1"];
/// Bytes of a chunk besides its body: length, name and check sum.
const CHUNK_BYTES: usize = 12;
/// Bytes of such text that a byte of EXIF takes at most.
const RAW_SIZE: u64 = 3;

#[derive(Default)]
struct Chunks {
    profile: Option<Vec<u8>>,
    /// Primaries, transfer, matrix and range, which take precedence over all other colour information.
    cicp: Option<[u8; 4]>,
    cicp_places: Vec<Range<usize>>,
    gray: bool,
    metadata: Metadata,
    /// EXIF in text, used if there is no chunk.
    raw_exif: Option<Vec<u8>>,
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits, policy: ColorPolicy) -> Result<Decoded> {
    let Chunks { profile, cicp, cicp_places, gray, mut metadata, raw_exif } = scan(bytes, limits)?;
    if let Some(exif) = raw_exif {
        metadata.add_exif(&exif, limits);
    }
    let profile = match cicp.filter(|_| policy != ColorPolicy::Data) {
        Some(code) => color::of_cicp(code, gray, profile)?,
        None => profile,
    };
    // The decoder would refuse a picture for an unknown value in this chunk, which was read above.
    let bytes = without(bytes, &cicp_places);
    let mut decoder = png::Decoder::new(Cursor::new(&*bytes));
    decoder.set_transformations(Transformations::EXPAND);
    // Both were read above, with limits.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let row = decoder.read_header_info().map_err(decode_error)?.raw_row_length();
    decoder.set_limits(png::Limits { bytes: row.saturating_mul(4).saturating_add(WORKSPACE_BYTES) });
    let mut reader = decoder.read_info().map_err(decode_error)?;
    let (color, depth) = reader.output_color_type();
    let size = reader.output_buffer_size().ok_or_else(|| corrupt("the PNG's size overflows"))?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).map_err(decode_error)?;

    let channels = match color {
        ColorType::Grayscale => Channels::Gray,
        ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => return Err(Error::new(Code::Internal, "the PNG decoder left a palette in place")),
    };
    let samples = if depth == BitDepth::Sixteen {
        Samples::U16(pixels.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect())
    } else {
        Samples::U8(pixels)
    };
    let orientation = metadata.upright();
    Ok(Decoded {
        width: info.width,
        height: info.height,
        channels,
        samples,
        profile,
        metadata,
        orientation,
        notes: Vec::new(),
    })
}

fn without<'a>(bytes: &'a [u8], places: &[Range<usize>]) -> Cow<'a, [u8]> {
    let mut bytes = Cow::Borrowed(bytes);
    for place in places.iter().rev() {
        bytes.to_mut().drain(place.clone());
    }
    bytes
}

fn decode_error(cause: DecodingError) -> Error {
    let code = match &cause {
        DecodingError::IoError(cause) => code_of(cause),
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the PNG cannot be decoded").because(cause)
}

/// Scans all chunks: unpacks the needed ones within their limits, and detects a truncated file.
fn scan(bytes: &[u8], limits: &Limits) -> Result<Chunks> {
    let mut chunks = Chunks::default();
    let mut frames = 0;
    let mut rest = bytes.get(PNG_SIGNATURE.len()..).unwrap_or_default();
    let mut first = true;
    loop {
        let (name, body) = next(&mut rest).ok_or_else(|| truncated("the PNG's chunks"))?;
        if first != (name == b"IHDR") {
            return Err(corrupt("the PNG does not begin with its header"));
        }
        first = false;
        match name {
            b"IHDR" => {
                let side = |at: usize| body.get(at..)?.first_chunk().map(|side| u64::from(u32::from_be_bytes(*side)));
                let header = side(0).zip(side(4)).ok_or_else(|| corrupt("the PNG's header is too short"))?;
                limits.check_size(header.0, header.1)?;
                chunks.gray = matches!(body.get(9), Some(0 | 4));
            }
            b"acTL" => {
                let declared = body.first_chunk().map_or(0, |count| u32::from_be_bytes(*count));
                limits.check_frames(u64::from(declared))?;
            }
            b"fcTL" => {
                frames += 1;
                limits.check_frames(frames)?;
            }
            b"iCCP" => chunks.profile = profile(body, limits)?,
            b"cICP" => {
                chunks.cicp = chunks.cicp.or(body.first_chunk().copied());
                let end = bytes.len() - rest.len();
                chunks.cicp_places.push(end - body.len() - CHUNK_BYTES..end);
            }
            b"eXIf" => chunks.metadata.add_exif(body, limits),
            b"tEXt" | b"zTXt" | b"iTXt" => text(name, body, &mut chunks, limits),
            b"IEND" => return Ok(chunks),
            _ => {}
        }
    }
}

/// Reads text chunks that contain metadata; others are skipped.
fn text(name: &[u8; 4], body: &[u8], chunks: &mut Chunks, limits: &Limits) {
    let Some(keyword) = body.split(|byte| *byte == 0).next() else { return };
    let raw = RAW_EXIF.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(keyword));
    if !raw && keyword != XMP_KEYWORD.as_bytes() {
        return;
    }
    let limit = limits.max_metadata_bytes.saturating_mul(RAW_SIZE);
    let text = match name {
        b"tEXt" => after_zero(body).map(<[u8]>::to_vec),
        b"zTXt" => text_of_ztxt(body, limit),
        _ => text_of_itxt(body, limit),
    };
    match text {
        Some(text) if raw && chunks.raw_exif.is_none() => chunks.raw_exif = raw_profile(&text),
        Some(text) if !raw => chunks.metadata.add_xmp(&text, limits),
        _ => {}
    }
}

/// The bytes of a raw profile: its name, its length and its bytes in hexadecimal, each after a line break.
fn raw_profile(text: &[u8]) -> Option<Vec<u8>> {
    let mut lines = text.splitn(4, |byte| *byte == b'\n').skip_while(|line| line.trim_ascii().is_empty());
    let (_name, length) = (lines.next()?, std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?);
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let digits: Vec<u8> = lines.next()?.iter().filter_map(digit).collect();
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).take(length).collect())
}

/// The next chunk's name and body.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8; 4], &'a [u8])> {
    let (length, after) = rest.split_first_chunk()?;
    let (name, after) = after.split_first_chunk()?;
    let length = u32::from_be_bytes(*length) as usize;
    let body = after.get(..length)?;
    // The decoder verifies the checksum.
    *rest = after.get(length..)?.get(4..)?;
    Some((name, body))
}

/// The profile of an iCCP chunk; a damaged one is ignored.
fn profile(body: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>> {
    let Some(packed) = after_zero(body).and_then(|rest| rest.get(1..)) else { return Ok(None) };
    let profile = unpack(packed, limits.max_profile_bytes);
    if let Some(profile) = &profile {
        limits.check_profile(profile.len() as u64)?;
    }
    Ok(profile)
}

/// Keyword, zero, method, packed text.
fn text_of_ztxt(body: &[u8], limit: u64) -> Option<Vec<u8>> {
    unpack(after_zero(body)?.get(1..)?, limit)
}

/// Keyword, zero, flag, method, language, zero, translated keyword, zero, text, which is packed if the flag is set.
fn text_of_itxt(body: &[u8], limit: u64) -> Option<Vec<u8>> {
    let rest = after_zero(body)?;
    let text = after_zero(after_zero(rest.get(2..)?)?)?;
    if rest[0] == 0 { Some(text.to_vec()) } else { unpack(text, limit) }
}

fn after_zero(bytes: &[u8]) -> Option<&[u8]> {
    let zero = bytes.iter().position(|byte| *byte == 0)?;
    bytes.get(zero + 1..)
}

/// Unpacks up to one byte more than `limit`, so that the caller can detect an excess; `None` if damaged.
fn unpack(packed: &[u8], limit: u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    ZlibDecoder::new(packed).take(limit.saturating_add(1)).read_to_end(&mut out).ok()?;
    Some(out)
}

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    let mut info = png::Info::with_size(picture.width, picture.height);
    info.color_type = match picture.channels {
        Channels::Gray => ColorType::Grayscale,
        Channels::GrayAlpha => ColorType::GrayscaleAlpha,
        Channels::Rgb => ColorType::Rgb,
        Channels::Rgba => ColorType::Rgba,
    };
    let wide: Vec<u8>;
    let (depth, bytes) = match picture.samples {
        Samples::U8(samples) => (BitDepth::Eight, samples),
        Samples::U16(samples) => {
            wide = samples.iter().flat_map(|sample| sample.to_be_bytes()).collect();
            (BitDepth::Sixteen, &wide)
        }
    };
    info.bit_depth = depth;
    info.icc_profile = picture.profile.map(Into::into);
    info.pixel_dims = options.dpi.map(|dpi| {
        let per_metre = (f64::from(dpi) / METRES_PER_INCH).round() as u32;
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    });
    info.exif_metadata = picture.metadata.exif.as_deref().map(Into::into);

    let mut out = Vec::new();
    let mut encoder = png::Encoder::with_info(&mut out, info).map_err(|cause| refused("PNG", cause))?;
    encoder.set_compression(match options.png {
        PngCompression::Fast => png::Compression::Fast,
        PngCompression::Balanced => png::Compression::Balanced,
        PngCompression::Best => png::Compression::High,
    });
    if let Some(xmp) = picture.metadata.xmp.as_deref().and_then(|xmp| std::str::from_utf8(xmp).ok()) {
        encoder.add_itxt_chunk(XMP_KEYWORD.into(), xmp.into()).map_err(|cause| refused("PNG", cause))?;
    }
    let mut writer = encoder.write_header().map_err(|cause| refused("PNG", cause))?;
    writer.write_image_data(bytes).map_err(|cause| refused("PNG", cause))?;
    writer.finish().map_err(|cause| refused("PNG", cause))?;
    Ok(out)
}
