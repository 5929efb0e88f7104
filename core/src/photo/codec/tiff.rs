//! TIFF as cameras, scanners and editors write it: gray, RGB, palette and CMYK, with alpha or without; whole numbers of
//! 1 to 16 bits and floating point; strips and tiles, in one plane or several; packed with LZW, Deflate, PackBits, JPEG
//! or a fax code, or not at all. BigTIFF too.
//!
//! * [`page`]: reads the first page's directory. Errors for unsupported variants are made there.
//! * [`unpack`] and [`fax`]: decompression. [`pixels`]: samples from strips and tiles.
//! * [`write`]: writes TIFF, with the `tiff` crate.

mod fax;
mod page;
mod pixels;
mod unpack;
mod write;

use std::collections::HashSet;

pub(crate) use write::encode;

use page::{Colors, Page};

use super::{Decoded, corrupt, truncated};
use crate::error::Result;
use crate::note::{Note, NoteCode};
use crate::photo::ifd::{Entry, Tiff};
use crate::photo::limits::Limits;
use crate::photo::metadata::Metadata;
use crate::photo::samples::narrow;
use crate::photo::{Channels, Samples, color};

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const XMP: u16 = 700;
const PROFILE: u16 = 34_675;

struct Contents<'a> {
    tiff: Tiff<'a>,
    /// The first page.
    entries: Vec<Entry<'a>>,
    width: u64,
    height: u64,
}

pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    let Contents { tiff, entries, width, height } = scan(bytes, limits)?;
    let value = |tag| {
        let entry = entries.iter().find(|entry| entry.tag == tag)?;
        Some(entry.value.to_vec()).filter(|value| !value.is_empty())
    };
    let page = Page::read(&tiff, &entries, width, height)?;
    let pixels::Stored { samples, clipped } = pixels::read(&page, bytes, limits)?;
    let notes = if page.float { vec![float_note(page.bits, clipped)] } else { Vec::new() };
    let mut profile = value(PROFILE);
    let (channels, samples) = match samples {
        Samples::U8(samples) => picture(&page, samples, &mut profile, 255, |value| value as u8),
        Samples::U16(samples) => picture(&page, samples, &mut profile, 65_535, |value| value as u16),
    };
    let mut metadata = Metadata::default();
    metadata.add_tiff(&tiff);
    value(XMP).iter().for_each(|xmp| metadata.add_xmp(xmp, limits));
    let orientation = metadata.upright();
    let (width, height) = (page.width as u32, page.height as u32);
    Ok(Decoded { width, height, channels, samples, profile, metadata, orientation, notes })
}

fn float_note(bits: usize, clipped: u64) -> Note {
    let text = format!(
        "the photo has floating-point samples of {bits} bits; they were read as 16 bits from 0 to 1, and \
         {clipped} of them were outside"
    );
    Note::new(NoteCode::FloatClipped, text)
}

/// Converts the samples to channels of a photo; drops the profile if it was applied.
fn picture<T: Copy + Into<u64>>(
    page: &Page,
    mut samples: Vec<T>,
    profile: &mut Option<Vec<u8>>,
    max: u64,
    narrow: impl Fn(u64) -> T,
) -> (Channels, Samples)
where
    Samples: From<Vec<T>>,
{
    let count = page.colors.count() + usize::from(page.alpha.is_some());
    if page.colors == Colors::Ink {
        samples.chunks_exact_mut(count).for_each(|pixel| pixel[0] = narrow(max - pixel[0].into()));
    }
    if page.alpha.is_some_and(|alpha| alpha.premultiplied) {
        divide_by_alpha(&mut samples, count, max, narrow);
    }
    let channels = match page.colors {
        Colors::Gray | Colors::Ink => Channels::Gray,
        Colors::Rgb | Colors::YCbCr | Colors::Palette | Colors::Cmyk => Channels::Rgb,
    };
    let channels = if page.alpha.is_some() { channels.with_alpha() } else { channels };
    let samples = Samples::from(samples);
    let samples = match page.colors {
        Colors::Palette => from_palette(page, &samples, count),
        Colors::Cmyk => color::cmyk_to_srgb(&samples, page.alpha.is_some(), profile.take().as_deref()),
        _ => samples,
    };
    (channels, samples)
}

/// Counts the pages and measures the first. The chain of pages must not form a cycle.
fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Contents<'a>> {
    let tiff = Tiff::parse(bytes).ok_or_else(|| corrupt("the TIFF has no header"))?;
    let cut = || truncated("the TIFF's directories");
    let mut next = tiff.first().ok_or_else(cut)?;
    let (mut first, mut seen) = (None, HashSet::new());
    while next != 0 {
        if !seen.insert(next) {
            return Err(corrupt("the TIFF's pages form a circle"));
        }
        limits.check_frames(seen.len() as u64)?;
        let page = tiff.directory(next).filter(|page| page.complete).ok_or_else(cut)?;
        next = page.next;
        if first.is_none() {
            let find = |tag| page.entries.iter().find(|entry| entry.tag == tag);
            let side = |tag| find(tag).and_then(|entry| tiff.number(entry));
            let sides = side(WIDTH).zip(side(HEIGHT)).ok_or_else(|| corrupt("the TIFF's page has no size"))?;
            limits.check_size(sides.0, sides.1)?;
            limits.check_profile(find(PROFILE).map_or(0, |entry| entry.count))?;
            first = Some((page.entries, sides));
        }
    }
    let (entries, (width, height)) = first.ok_or_else(|| corrupt("the TIFF has no page"))?;
    Ok(Contents { tiff, entries, width, height })
}

/// Converts indices to 8-bit colours; keeps alpha, if any.
fn from_palette(page: &Page, samples: &Samples, count: usize) -> Samples {
    let Samples::U8(indices) = samples else { return samples.clone() };
    let size = 1 << page.bits;
    let mut out = Vec::with_capacity(indices.len() / count * (count + 2));
    for pixel in indices.chunks_exact(count) {
        let index = usize::from(pixel[0]);
        out.extend([0, 1, 2].map(|channel| narrow(page.palette[channel * size + index] as u16)));
        out.extend_from_slice(&pixel[1..]);
    }
    Samples::U8(out)
}

/// Converts premultiplied to straight alpha.
fn divide_by_alpha<T: Copy + Into<u64>>(samples: &mut [T], channels: usize, max: u64, narrow: impl Fn(u64) -> T) {
    for pixel in samples.chunks_exact_mut(channels) {
        let alpha: u64 = pixel[channels - 1].into();
        for sample in &mut pixel[..channels - 1] {
            let value: u64 = (*sample).into();
            *sample = narrow((value * max + alpha / 2).checked_div(alpha).unwrap_or(0).min(max));
        }
    }
}
