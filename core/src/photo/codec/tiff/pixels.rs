//! Gathers the samples of a TIFF's page from strips, tiles and planes into rows.

use std::cell::Cell;
use std::io::{Cursor, Read};

use super::page::{Colors, Packing, Page, Predictor};
use super::unpack;
use crate::error::{Error, Result};
use crate::photo::Samples;
use crate::photo::codec::{code_of, corrupt, jpeg};
use crate::photo::limits::Limits;

/// The start of a JPEG, and the Adobe segment that says whether its samples are YCbCr (1) or not (0).
const START: [u8; 2] = [0xff, 0xd8];
const ADOBE: [u8; 15] = [0xff, 0xee, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0];

/// Colours, followed by alpha if there is any.
pub(super) struct Stored {
    pub(super) samples: Samples,
    /// Number of floating-point samples outside 0 to 1.
    pub(super) clipped: u64,
}

pub(super) fn read(page: &Page, file: &[u8], limits: &Limits) -> Result<Stored> {
    let largest = if page.colors == Colors::Palette { 1 } else { (1_u64 << page.bits.min(8)) - 1 };
    let scale = if page.colors == Colors::Palette { 1 } else { 255 };
    let clipped = Cell::new(0);
    let samples = match (page.float, page.bits) {
        (true, bits) => Samples::U16(gather(page, file, limits, |word| {
            let value = float(word, bits);
            if !(0.0..=1.0).contains(&value) {
                clipped.set(clipped.get() + 1);
            }
            // NaN becomes 0.
            (value.clamp(0.0, 1.0) * 65_535.0).round() as u16
        })?),
        (_, 16) => Samples::U16(gather(page, file, limits, |word| word as u16)?),
        _ => Samples::U8(gather(page, file, limits, |word| (word * scale / largest) as u8)?),
    };
    Ok(Stored { samples, clipped: clipped.get() })
}

fn float(word: u64, bits: usize) -> f64 {
    match bits {
        16 => half(word as u16),
        32 => f64::from(f32::from_bits(word as u32)),
        _ => f64::from_bits(word),
    }
}

/// IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// All wanted samples, converted by `to`, pixel by pixel.
fn gather<T: Copy + Default>(page: &Page, file: &[u8], limits: &Limits, to: impl Fn(u64) -> T) -> Result<Vec<T>> {
    let wanted: Vec<usize> = (0..page.colors.count()).chain(page.alpha.map(|alpha| alpha.at)).collect();
    let count = wanted.len();
    let mut out = vec![T::default(); page.width * page.height * count];
    let (across, down) = page.grid();
    let stride = page.stride();
    let row_bytes = page.row_bytes().ok_or_else(|| corrupt("the TIFF's rows overflow"))?;
    let (mut bytes, mut words) = (vec![0; row_bytes], vec![0; page.chunk.0 * stride]);
    for plane in 0..if page.planar { page.samples } else { 1 } {
        // Source and destination indices of this plane's samples.
        let places: Vec<(usize, usize)> = match page.planar {
            true => wanted.iter().enumerate().filter(|(_, sample)| **sample == plane).map(|(to, _)| (0, to)).collect(),
            false => wanted.iter().enumerate().map(|(to, from)| (*from, to)).collect(),
        };
        if places.is_empty() {
            continue;
        }
        for (i, j) in (0..down).flat_map(|j| (0..across).map(move |i| (i, j))) {
            let (left, top) = (i * page.chunk.0, j * page.chunk.1);
            let (columns, rows) = (page.chunk.0.min(page.width - left), page.chunk.1.min(page.height - top));
            let index = (plane * down + j) * across + i;
            let mut reader = match page.packing {
                Packing::Jpeg => Box::new(Cursor::new(from_jpeg(page, file, index, rows, limits)?)),
                _ => unpack::open(page, file, index, rows),
            };
            for y in top..top + rows {
                reader.read_exact(&mut bytes).map_err(read_error)?;
                unfold(page, &mut bytes, &mut words);
                let target = &mut out[(y * page.width + left) * count..][..columns * count];
                for (target, pixel) in target.chunks_exact_mut(count).zip(words.chunks_exact(stride)) {
                    places.iter().for_each(|(from, at)| target[*at] = to(pixel[*from]));
                }
            }
        }
    }
    Ok(out)
}

fn read_error(cause: std::io::Error) -> Error {
    Error::new(code_of(&cause), "a strip or tile of the TIFF cannot be read").because(cause)
}

/// Converts a row's bytes to numbers of any width and byte order, and undoes the predictor.
fn unfold(page: &Page, bytes: &mut [u8], words: &mut [u64]) {
    let (bits, stride) = (page.bits, page.stride());
    if page.predictor == Predictor::Float {
        // Bytes are differences to those of the pixel before; the highest bytes of all samples come first.
        (stride..bytes.len()).for_each(|at| bytes[at] = bytes[at].wrapping_add(bytes[at - stride]));
        let samples = words.len();
        for (at, word) in words.iter_mut().enumerate() {
            *word = (0..bits / 8).fold(0, |word, byte| word << 8 | u64::from(bytes[byte * samples + at]));
        }
        return;
    }
    let fold = |word: u64, byte: &u8| word << 8 | u64::from(*byte);
    match (bits, page.big_endian) {
        (8, _) => words.iter_mut().zip(&*bytes).for_each(|(word, byte)| *word = u64::from(*byte)),
        (9.., true) => {
            words.iter_mut().zip(bytes.chunks_exact(bits / 8)).for_each(|(word, b)| *word = b.iter().fold(0, fold));
        }
        (9.., false) => {
            words
                .iter_mut()
                .zip(bytes.chunks_exact(bits / 8))
                .for_each(|(word, b)| *word = b.iter().rev().fold(0, fold));
        }
        _ => {
            let mask = (1 << bits) - 1;
            for (at, word) in words.iter_mut().enumerate() {
                *word = u64::from(bytes[at * bits / 8] >> (8 - bits - at * bits % 8) & mask);
            }
        }
    }
    if page.predictor == Predictor::Horizontal {
        let mask = u64::MAX >> (64 - bits);
        (stride..words.len()).for_each(|at| words[at] = words[at].wrapping_add(words[at - stride]) & mask);
    }
}

/// The rows of a strip or tile that is a JPEG, with the tables that all of them share.
fn from_jpeg(page: &Page, file: &[u8], index: usize, rows: usize, limits: &Limits) -> Result<Vec<u8>> {
    let transform = u8::from(page.colors == Colors::YCbCr && !page.planar);
    let tables = page.tables.as_deref().and_then(|tables| tables.strip_prefix(&START)).unwrap_or_default();
    let tables = tables.strip_suffix(&[0xff, 0xd9]).unwrap_or(tables);
    let picture = page.stored(file, index);
    let picture = picture.strip_prefix(&START).unwrap_or(picture);
    // The directory defines the meaning of the samples, whatever the strip says.
    let stream = [&START[..], &ADOBE, &[transform], tables, without_notes(picture).as_slice()].concat();
    let (width, height, samples) = jpeg::decode_bare(&stream, limits)?;
    let wanted = page.chunk.0 * page.stride();
    if width != page.chunk.0 || height < rows || samples.len() != wanted * height {
        return Err(corrupt("the size of a JPEG in the TIFF does not match its strip or tile"));
    }
    Ok(samples)
}

/// A JPEG without its application segments, up to its scan.
fn without_notes(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rest.len());
    while let [0xff, marker @ (0xc0..=0xd9 | 0xdb..=0xfe), high, low, ..] = *rest {
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        let Some((segment, after)) = rest.split_at_checked(length) else { break };
        if !matches!(marker, 0xe0..=0xef) {
            out.extend_from_slice(segment);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}
