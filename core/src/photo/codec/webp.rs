//! WebP: RIFF chunks, lossy and lossless pixels.

use std::borrow::Cow;
use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder, WebPEncoder};
use img_parts::webp::{CHUNK_XMP, WebP};
use img_parts::{Bytes, ImageEXIF, ImageICC};

use super::{Decoded, Picture, code_of, corrupt, refused, truncated, unsupported};
use crate::error::{Code, Error, Result};
use crate::photo::encode::EncodeOptions;
use crate::photo::limits::Limits;
use crate::photo::metadata::Metadata;
use crate::photo::{Channels, PngCompression, Samples};

/// The largest side of a picture's bitstream.
pub(crate) const MAX_SIDE: u32 = 16_383;

/// Flags of the VP8X chunk.
const ANIMATION: u8 = 0x02;
const ALPHA: u8 = 0x10;
/// The hint of a lossless bitstream that it has alpha, in the last byte of its header.
const ALPHA_HINT: u8 = 0x10;

#[derive(Default)]
struct Chunks {
    profile: Option<Vec<u8>>,
    metadata: Metadata,
    /// Offset of the flags.
    extended: Option<usize>,
    /// Offset of the hint of a lossless picture.
    lossless: Option<usize>,
    /// Whether an alpha chunk precedes the picture.
    alpha: bool,
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let mut chunks = scan(bytes, limits)?;
    let (bytes, said) = with_true_flags(bytes, &chunks);
    let mut decoder = WebPDecoder::new(Cursor::new(&*bytes)).map_err(decode_error)?;
    let (width, height) = decoder.dimensions();
    limits.check_size(u64::from(width), u64::from(height))?;
    let size = decoder.output_buffer_size().ok_or_else(|| corrupt("the WebP's size overflows"))?;
    let mut channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(decode_error)?;
    if channels == Channels::Rgba && !said && pixels.chunks_exact(4).all(|pixel| pixel[3] == 255) {
        pixels = pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        channels = Channels::Rgb;
    }
    let orientation = chunks.metadata.upright();
    let Chunks { profile, metadata, .. } = chunks;
    Ok(Decoded {
        width,
        height,
        channels,
        samples: Samples::U8(pixels),
        profile,
        metadata,
        orientation,
        notes: Vec::new(),
    })
}

/// The file with corrected flags, which the decoder relies on, and whether the file itself declared alpha: lossy
/// pictures have alpha if they have a chunk of it, and a lossless one may always have some.
fn with_true_flags<'a>(bytes: &'a [u8], chunks: &Chunks) -> (Cow<'a, [u8]>, bool) {
    let flags = chunks.extended.map_or(0, |at| bytes[at]);
    if flags & ANIMATION != 0 {
        return (Cow::Borrowed(bytes), true);
    }
    let hint = chunks.lossless.is_some_and(|at| bytes[at] & ALPHA_HINT != 0);
    let alpha = chunks.alpha || chunks.lossless.is_some();
    let mut changes = Vec::new();
    if let Some(at) = chunks.extended {
        // Profile and metadata were already read, so the decoder can ignore them.
        changes.push((at, if alpha { ALPHA } else { 0 }));
    }
    if let Some(at) = chunks.lossless {
        changes.push((at, bytes[at] | ALPHA_HINT));
    }
    let mut file = Cow::Borrowed(bytes);
    for (at, byte) in changes {
        if file[at] != byte {
            file.to_mut()[at] = byte;
        }
    }
    (file, hint || flags & ALPHA != 0 || chunks.alpha)
}

fn decode_error(cause: DecodingError) -> Error {
    let code = match &cause {
        DecodingError::IoError(cause) => code_of(cause),
        DecodingError::UnsupportedFeature(_) => Code::PhotoUnsupported,
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the WebP cannot be decoded").because(cause)
}

fn scan(bytes: &[u8], limits: &Limits) -> Result<Chunks> {
    let cut = || truncated("the WebP's chunks");
    let length = bytes.get(4..).and_then(|rest| rest.first_chunk()).ok_or_else(cut)?;
    let end = (u32::from_le_bytes(*length) as usize).saturating_add(8);
    let mut rest = bytes.get(12..end).ok_or_else(cut)?;
    let mut chunks = Chunks::default();
    let (mut frames, mut pictured) = (0, false);
    while !rest.is_empty() {
        // Offset of the chunk's body, after its name and its length.
        let at = end - rest.len() + 8;
        let (name, body) = next(&mut rest).ok_or_else(cut)?;
        match name {
            b"VP8X" => {
                let side =
                    |at: usize| body.get(at..at + 3).map(|b| 1 + u64::from(u32::from_le_bytes([b[0], b[1], b[2], 0])));
                let canvas = side(4).zip(side(7)).ok_or_else(|| corrupt("the WebP's header is too short"))?;
                limits.check_size(canvas.0, canvas.1)?;
                chunks.extended.get_or_insert(at);
            }
            b"ALPH" => chunks.alpha |= !pictured,
            b"ANMF" => {
                frames += 1;
                limits.check_frames(frames)?;
                let mut inner = body.get(16..).unwrap_or_default();
                while let Some((name, body)) = next(&mut inner) {
                    check_bitstream(name, body, limits)?;
                }
            }
            b"ICCP" => {
                limits.check_profile(body.len() as u64)?;
                chunks.profile = Some(body.to_vec());
            }
            b"EXIF" => chunks.metadata.add_exif(body, limits),
            b"XMP " => chunks.metadata.add_xmp(body, limits),
            _ => {
                check_bitstream(name, body, limits)?;
                if name == b"VP8L" && !pictured {
                    chunks.lossless = Some(at + 4);
                }
                pictured |= matches!(name, b"VP8 " | b"VP8L");
            }
        }
    }
    Ok(chunks)
}

/// Checks the bitstream's own size, which determines the decoder's allocation, whatever the canvas says.
fn check_bitstream(name: &[u8; 4], body: &[u8], limits: &Limits) -> Result<()> {
    let size = match (name, body) {
        (b"VP8 ", [_, _, _, _, _, _, w0, w1, h0, h1, ..]) => {
            (u16::from_le_bytes([*w0, *w1]) & 0x3fff, u16::from_le_bytes([*h0, *h1]) & 0x3fff)
        }
        (b"VP8L", [_, a, b, c, d, ..]) => {
            let packed = u32::from_le_bytes([*a, *b, *c, *d]);
            ((packed & 0x3fff) as u16 + 1, (packed >> 14 & 0x3fff) as u16 + 1)
        }
        (b"VP8 " | b"VP8L", _) => return Err(corrupt("the WebP's bitstream is too short")),
        _ => return Ok(()),
    };
    limits.check_size(u64::from(size.0), u64::from(size.1))
}

/// The next chunk's name and body. The padding of the very last chunk may be missing.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8; 4], &'a [u8])> {
    let (name, after) = rest.split_first_chunk()?;
    let (length, after) = after.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let body = after.get(..length)?;
    *rest = after.get(length.next_multiple_of(2)..).unwrap_or_default();
    Some((name, body))
}

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    if picture.width.max(picture.height) > MAX_SIDE {
        let message = format!(
            "the picture is {} x {} pixels, and WebP has at most {MAX_SIDE} a side",
            picture.width, picture.height
        );
        return Err(unsupported(message));
    }
    let Samples::U8(samples) = picture.samples else { return Err(Error::new(Code::Internal, "16-bit WebP")) };
    let bare = match options.lossless {
        true => lossless(picture, samples, options.png)?,
        false => lossy(picture, samples, options.quality)?,
    };
    if picture.profile.is_none() && *picture.metadata == Metadata::default() {
        return Ok(bare);
    }
    let mut file = WebP::from_bytes(Bytes::from(bare)).map_err(|cause| refused("WebP", cause))?;
    file.set_icc_profile(picture.profile.map(Bytes::copy_from_slice));
    file.set_exif(picture.metadata.exif.as_deref().map(Bytes::copy_from_slice));
    if let Some(xmp) = &picture.metadata.xmp {
        let content = img_parts::riff::RiffContent::Data(Bytes::copy_from_slice(xmp));
        file.chunks_mut().push(img_parts::riff::RiffChunk::new(CHUNK_XMP, content));
    }
    Ok(file.encoder().bytes().to_vec())
}

fn lossless(picture: &Picture<'_>, samples: &[u8], effort: PngCompression) -> Result<Vec<u8>> {
    let harder = |method, quality| {
        let mut config = webp::WebPConfig::new().map_err(|()| Error::new(Code::Internal, "libwebp has no settings"))?;
        (config.lossless, config.method, config.quality) = (1, method, quality);
        // Keeps the colours of transparent pixels too.
        config.exact = 1;
        by_libwebp(picture, samples, &config)
    };
    match effort {
        PngCompression::Fast => {}
        PngCompression::Balanced => return harder(3, 60.0),
        PngCompression::Best => return harder(5, 90.0),
    }
    let color = match picture.channels {
        Channels::Gray => image_webp::ColorType::L8,
        Channels::GrayAlpha => image_webp::ColorType::La8,
        Channels::Rgb => image_webp::ColorType::Rgb8,
        Channels::Rgba => image_webp::ColorType::Rgba8,
    };
    let mut out = Vec::new();
    WebPEncoder::new(&mut out)
        .encode(samples, picture.width, picture.height, color)
        .map_err(|cause| refused("WebP", cause))?;
    Ok(out)
}

fn lossy(picture: &Picture<'_>, samples: &[u8], quality: u8) -> Result<Vec<u8>> {
    let mut config = webp::WebPConfig::new().map_err(|()| Error::new(Code::Internal, "libwebp has no settings"))?;
    config.quality = f32::from(quality);
    by_libwebp(picture, samples, &config)
}

fn by_libwebp(picture: &Picture<'_>, samples: &[u8], config: &webp::WebPConfig) -> Result<Vec<u8>> {
    // libwebp accepts colour only.
    let target = if picture.channels.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let converted;
    let samples = match picture.channels == target {
        true => samples,
        false => {
            converted = picture.samples.convert_u8(picture.channels, target);
            &converted
        }
    };
    let layout = if target.has_alpha() { webp::PixelLayout::Rgba } else { webp::PixelLayout::Rgb };
    webp::Encoder::new(samples, layout, picture.width, picture.height)
        .encode_advanced(config)
        .map(|memory| memory.to_vec())
        .map_err(|cause| Error::new(Code::Internal, format!("libwebp refused the picture: {cause:?}")))
}
