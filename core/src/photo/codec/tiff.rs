//! TIFF: pages, strips and tiles, 8 and 16 bit, gray, RGB and CMYK.

use std::collections::HashSet;
use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::encoder::{Compression, DeflateLevel, Predictor, Rational, TiffEncoder, TiffValue, colortype};
use tiff::tags::{ExtraSamples, ResolutionUnit, SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use super::{Decoded, Picture, code_of, corrupt, refused, truncated, unsupported};
use crate::photo::ifd::Tiff;
use crate::photo::limits::Limits;
use crate::photo::metadata::{Metadata, exif_of_tiff};
use crate::photo::{Channels, EncodeOptions, PngCompression, Samples, color};
use crate::{Code, Error, Result};

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const XMP: u16 = 700;
const IPTC: u16 = 33_723;
const PHOTOSHOP: u16 = 34_377;
const PROFILE: u16 = 34_675;
/// Fields with many values, which the decoder makes room for by their count: strips and tiles, offsets and sizes.
const LISTS: [u16; 4] = [273, 279, 324, 325];
/// Room for lists, and for a tile or strip that is larger than the picture itself.
const WORKSPACE_BYTES: u64 = 16 << 20;

struct Contents<'a> {
    tiff: Tiff<'a>,
    profile: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    pixels: u64,
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let Contents { tiff, mut profile, xmp, pixels } = scan(bytes, limits)?;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(decode_error)?;
    let (width, height) = decoder.dimensions().map_err(decode_error)?;
    limits.check_size(u64::from(width), u64::from(height))?;
    let mut bounds = tiff::decoder::Limits::default();
    // At most five samples (CMYK and alpha) of two bytes.
    let most = usize::try_from(pixels.saturating_mul(10).saturating_add(WORKSPACE_BYTES)).unwrap_or(usize::MAX);
    bounds.decoding_buffer_size = most;
    bounds.intermediate_buffer_size = most;
    let mut decoder = decoder.with_limits(bounds);

    let color = decoder.colortype().map_err(decode_error)?;
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).map_err(decode_error)?.unwrap_or_default();
    if format.iter().any(|format| *format != SampleFormat::Uint.to_u16()) {
        return Err(unsupported("a TIFF with signed or floating-point samples"));
    }
    let extra = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).map_err(decode_error)?.unwrap_or_default();
    let (count, stored) = match color {
        ColorType::Gray(1 | 8 | 16) => (1, Stored::Of(Channels::Gray)),
        ColorType::Multiband { bit_depth: 8 | 16, num_samples: 2 } => (2, Stored::Of(Channels::GrayAlpha)),
        ColorType::RGB(8 | 16) => (3, Stored::Of(Channels::Rgb)),
        ColorType::RGBA(8 | 16) => (4, Stored::Of(Channels::Rgba)),
        ColorType::CMYK(8 | 16) => (4, Stored::Cmyk),
        other => return Err(unsupported(format!("a TIFF with {other:?}"))),
    };
    let mut result = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut result).map_err(decode_error)?;
    let planes = if layout.planes > 1 { count } else { 1 };
    let mut samples = match result {
        DecodingResult::U8(samples) if color == ColorType::Gray(1) => Samples::U8(expand(&samples, width)),
        DecodingResult::U8(samples) => Samples::U8(interleave(samples, planes)),
        DecodingResult::U16(samples) => Samples::U16(interleave(samples, planes)),
        _ => return Err(unsupported("a TIFF with samples of 32 or 64 bits")),
    };
    if samples.len() as u64 != u64::from(width) * u64::from(height) * count as u64 {
        return Err(corrupt("the TIFF has too few samples"));
    }

    let channels = match stored {
        Stored::Of(channels) => channels,
        Stored::Cmyk => {
            samples = color::cmyk_to_srgb(&samples, profile.take().as_deref());
            Channels::Rgb
        }
    };
    if channels.has_alpha() && extra.first() == Some(&ExtraSamples::AssociatedAlpha.to_u16()) {
        match &mut samples {
            Samples::U8(samples) => divide_by_alpha(samples, channels.count(), 255, |v| v as u8),
            Samples::U16(samples) => divide_by_alpha(samples, channels.count(), 65_535, |v| v as u16),
        }
    }
    let (exif, orientation) = exif_of_tiff(&tiff);
    Ok(Decoded { width, height, channels, samples, profile, metadata: Metadata { exif, xmp }, orientation })
}

enum Stored {
    Of(Channels),
    Cmyk,
}

fn decode_error(cause: TiffError) -> Error {
    let code = match &cause {
        TiffError::IoError(cause) => code_of(cause),
        TiffError::UnsupportedError(_) => Code::PhotoUnsupported,
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the TIFF cannot be decoded").because(cause)
}

/// Counts the pages and measures the first. The chain of pages may not meet itself.
fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Contents<'a>> {
    let tiff = Tiff::parse(bytes).ok_or_else(|| corrupt("the TIFF has no header"))?;
    let cut = || truncated("the TIFF's directories");
    let first = tiff.first().ok_or_else(cut)?;
    let mut contents = Contents { tiff, profile: None, xmp: None, pixels: 0 };
    let (mut next, mut seen) = (first, HashSet::new());
    while next != 0 {
        if !seen.insert(next) {
            return Err(corrupt("the TIFF's pages form a circle"));
        }
        limits.check_frames(seen.len() as u64)?;
        let page = tiff.directory(next).ok_or_else(cut)?;
        next = page.next;
        if seen.len() > 1 {
            continue;
        }
        let find = |tag| page.entries.iter().find(|entry| entry.tag == tag);
        let side = |tag| find(tag).and_then(|entry| tiff.number(entry));
        let (width, height) = side(WIDTH).zip(side(HEIGHT)).ok_or_else(|| corrupt("the TIFF's page has no size"))?;
        limits.check_size(width, height)?;
        contents.pixels = width * height;
        if LISTS.into_iter().filter_map(find).any(|entry| entry.count > 0 && entry.value.is_empty()) {
            return Err(cut());
        }
        let value = |tag| find(tag).map(|entry| entry.value.to_vec()).filter(|value| !value.is_empty());
        limits.check_profile(find(PROFILE).map_or(0, |entry| entry.count))?;
        let metadata_bytes = [XMP, IPTC, PHOTOSHOP].into_iter().filter_map(find).map(|entry| entry.count);
        limits.check_metadata(metadata_bytes.fold(0, u64::saturating_add))?;
        contents.profile = value(PROFILE);
        contents.xmp = value(XMP);
    }
    if contents.pixels == 0 {
        return Err(corrupt("the TIFF has no page"));
    }
    Ok(contents)
}

/// One bit to one byte; rows are padded to whole bytes.
fn expand(packed: &[u8], width: u32) -> Vec<u8> {
    let width = width as usize;
    let row = |row: &[u8]| -> Vec<u8> {
        (0..width).map(|x| if row[x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 }).collect()
    };
    packed.chunks_exact(width.div_ceil(8)).flat_map(row).collect()
}

fn interleave<T: Copy>(samples: Vec<T>, planes: usize) -> Vec<T> {
    if planes == 1 {
        return samples;
    }
    let pixels = samples.len() / planes;
    (0..pixels * planes).map(|i| samples[i % planes * pixels + i / planes]).collect()
}

/// Straight from premultiplied alpha.
fn divide_by_alpha<T: Copy + Into<u64>>(samples: &mut [T], channels: usize, max: u64, narrow: impl Fn(u64) -> T) {
    for pixel in samples.chunks_exact_mut(channels) {
        let alpha: u64 = pixel[channels - 1].into();
        for sample in &mut pixel[..channels - 1] {
            let value: u64 = (*sample).into();
            *sample = narrow((value * max + alpha / 2).checked_div(alpha).unwrap_or(0).min(max));
        }
    }
}

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    match (picture.samples, picture.channels) {
        (Samples::U8(samples), Channels::Gray | Channels::GrayAlpha) => {
            write::<colortype::Gray8>(picture, options, samples)
        }
        (Samples::U8(samples), Channels::Rgb) => write::<colortype::RGB8>(picture, options, samples),
        (Samples::U8(samples), Channels::Rgba) => write::<colortype::RGBA8>(picture, options, samples),
        (Samples::U16(samples), Channels::Gray | Channels::GrayAlpha) => {
            write::<colortype::Gray16>(picture, options, samples)
        }
        (Samples::U16(samples), Channels::Rgb) => write::<colortype::RGB16>(picture, options, samples),
        (Samples::U16(samples), Channels::Rgba) => write::<colortype::RGBA16>(picture, options, samples),
    }
    .map_err(|cause| refused("TIFF", cause))
}

fn write<C: colortype::ColorType>(
    picture: &Picture<'_>,
    options: &EncodeOptions,
    samples: &[C::Inner],
) -> Result<Vec<u8>, TiffError>
where
    [C::Inner]: TiffValue,
{
    // The encoder knows no gray with alpha: there alpha is an extra sample, which its predictor does not reckon with.
    let extra = picture.channels == Channels::GrayAlpha;
    let predictor = if extra { Predictor::None } else { Predictor::Horizontal };
    let level = match options.png {
        PngCompression::Fast => DeflateLevel::Fast,
        PngCompression::Balanced => DeflateLevel::Balanced,
        PngCompression::Best => DeflateLevel::Best,
    };
    let mut out = Cursor::new(Vec::new());
    let mut encoder =
        TiffEncoder::new(&mut out)?.with_compression(Compression::Deflate(level)).with_predictor(predictor);
    let mut image = encoder.new_image::<C>(picture.width, picture.height)?;
    if extra {
        image.extra_samples(&[ExtraSamples::UnassociatedAlpha])?;
    } else if picture.channels == Channels::Rgba {
        let straight = [ExtraSamples::UnassociatedAlpha.to_u16()];
        image.encoder().write_tag(Tag::ExtraSamples, &straight[..])?;
    }
    if let Some(dpi) = options.dpi {
        let dots = || Rational { n: dpi, d: 1 };
        image.encoder().write_tag(Tag::ResolutionUnit, ResolutionUnit::Inch.to_u16())?;
        image.encoder().write_tag(Tag::XResolution, dots())?;
        image.encoder().write_tag(Tag::YResolution, dots())?;
    }
    if let Some(profile) = picture.profile {
        image.encoder().write_tag(Tag::IccProfile, profile)?;
    }
    if let Some(xmp) = &picture.metadata.xmp {
        image.encoder().write_tag(Tag::Unknown(XMP), xmp.as_slice())?;
    }
    image.write_data(samples)?;
    Ok(out.into_inner())
}
