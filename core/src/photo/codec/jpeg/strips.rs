//! Writes a JPEG on all cores: strips are encoded independently and joined.
//!
//! A decoder resets its state after each restart marker (ITU-T T.81, E.1.4), so the encoded strips, with such a marker
//! between them, form the encoded picture. The height of a strip is a multiple of a block's, which gives the same
//! samples as encoding the picture at once; the file is a few bytes longer.

use rayon::prelude::*;

use crate::error::Result;
use crate::photo::codec::corrupt;

/// Rows of a strip: a multiple of the highest block, and enough to be worth a task. Strips of a very wide picture are
/// lower, since a restart interval counts at most 65,535 blocks.
const fn rows(width: u16) -> u16 {
    if width < 16_000 { 256 } else { 32 }
}

/// Encodes a picture of `size` in strips; `code` makes a complete JPEG from the samples of some rows and their number.
pub(super) fn encode(
    samples: &[u8],
    size: (u16, u16),
    code: impl Fn(&[u8], u16) -> Result<Vec<u8>> + Sync,
) -> Result<Vec<u8>> {
    let (width, height) = size;
    let rows = rows(width);
    if height <= rows {
        return code(samples, height);
    }
    let stride = samples.len() / usize::from(height);
    let strips: Vec<Vec<u8>> = samples
        .par_chunks(stride * usize::from(rows))
        // A strip has at most `rows` rows.
        .map(|strip| code(strip, (strip.len() / stride) as u16))
        .collect::<Result<_>>()?;
    join(&strips, width, height)
}

/// The first strip's header, for the whole height and with the restart interval, then the coded samples of all.
fn join(strips: &[Vec<u8>], width: u16, height: u16) -> Result<Vec<u8>> {
    let strange = || corrupt("the JPEG encoder wrote an unexpected header");
    let first = strips.first().ok_or_else(strange)?;
    let header = Header::read(first).ok_or_else(strange)?;
    let interval = width.div_ceil(header.block.0) * (rows(width) / header.block.1);

    let mut out = Vec::with_capacity(strips.iter().map(Vec::len).sum());
    out.extend_from_slice(&first[..header.scan]);
    out[header.height..header.height + 2].copy_from_slice(&height.to_be_bytes());
    // Define restart interval.
    out.extend_from_slice(&[0xff, 0xdd, 0, 4]);
    out.extend_from_slice(&interval.to_be_bytes());
    out.extend_from_slice(&first[header.scan..header.coded]);
    for (index, strip) in strips.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(&[0xff, 0xd0 + (index - 1) as u8 % 8]);
        }
        let coded = Header::read(strip).ok_or_else(strange)?.coded;
        // Without the end of the image.
        out.extend_from_slice(strip.get(coded..strip.len() - 2).ok_or_else(strange)?);
    }
    out.extend_from_slice(&[0xff, 0xd9]);
    Ok(out)
}

/// Offsets in a JPEG with a single scan.
struct Header {
    /// Of the frame's height.
    height: usize,
    /// Of the scan's marker.
    scan: usize,
    /// Of the coded samples.
    coded: usize,
    /// Width and height of what is coded at a time.
    block: (u16, u16),
}

impl Header {
    fn read(jpeg: &[u8]) -> Option<Self> {
        let (mut at, mut frame) = (2, None);
        loop {
            let [0xff, marker, high, low] = *jpeg.get(at..at + 4)?.first_chunk()? else { return None };
            let length = usize::from(u16::from_be_bytes([high, low]));
            match marker {
                0xc0 => frame = Some((at + 5, block(jpeg.get(at + 9..at + 2 + length)?)?)),
                0xda => {
                    let (height, block) = frame?;
                    return Some(Self { height, scan: at, coded: at + 2 + length, block });
                }
                _ => {}
            }
            at += 2 + length;
        }
    }
}

/// The size of a block from a frame's number of components and, for each, its id, sampling factors and table.
fn block(components: &[u8]) -> Option<(u16, u16)> {
    let (count, components) = components.split_first()?;
    // A single component is never interleaved with another, whatever its factors.
    if *count == 1 {
        return Some((8, 8));
    }
    let factors = || components.chunks_exact(3).map(|component| u16::from(component[1]));
    Some((8 * factors().map(|f| f >> 4).max()?, 8 * factors().map(|f| f & 15).max()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::codec::jpeg::pure;
    use crate::photo::{Chroma, EncodeOptions, ImageFormat, Photo};

    fn samples_of(width: u16, height: u16, channels: usize) -> Vec<u8> {
        let count = usize::from(width) * usize::from(height) * channels;
        (0..count).map(|i| ((i * i / 7) ^ (i >> 5)) as u8).collect()
    }

    #[test]
    fn strips_decode_to_what_the_whole_decodes_to() {
        for (width, height) in [(40, 255), (40, 256), (33, 257), (50, 777), (16_001, 70), (65_535, 33)] {
            for (gray, chroma) in [(true, Chroma::Half), (false, Chroma::Half), (false, Chroma::Full)] {
                let samples = samples_of(width, height, if gray { 1 } else { 3 });
                let options = EncodeOptions::new(ImageFormat::Jpeg).chroma(chroma);
                let code = |rows: &[u8], height: u16| pure::encode(rows, (width, height), gray, &options);
                let whole = code(&samples, height).unwrap();
                let strips = encode(&samples, (width, height), code).unwrap();
                assert!(strips.len() <= whole.len() + whole.len() / 100 + 100, "{width} x {height}");
                let (strips, whole) = (Photo::decode(&strips).unwrap(), Photo::decode(&whole).unwrap());
                assert_eq!(strips, whole, "{width} x {height}, gray {gray}, {chroma:?}");
            }
        }
    }
}
