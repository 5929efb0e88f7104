//! The segments of a JPEG, one after the other (ITU-T T.81, annex B).

use crate::error::Result;
use crate::photo::codec::corrupt;

pub(super) const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// A marker and what follows it.
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) body: &'a [u8],
    /// After the start of a scan: the coded samples, with their restart markers. Otherwise empty.
    pub(super) coded: &'a [u8],
}

/// Iterates over the segments as libjpeg does: bytes between two segments, repeated starts of the image and misplaced
/// restart markers are skipped.
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    /// An end-of-image marker was reached.
    pub(super) has_end: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        // Behind the start of the image.
        Self { bytes, at: 2, has_end: false }
    }

    /// The next segment; `None` at the end of the image, and where the data ends within a segment or before one.
    pub(super) fn next(&mut self) -> Result<Option<Segment<'a>>> {
        loop {
            let Some(marker) = self.marker() else { return Ok(None) };
            match marker {
                END_OF_IMAGE => {
                    self.has_end = true;
                    return Ok(None);
                }
                // Markers without a body.
                0x01 | 0xd0..=0xd8 => {}
                _ => return self.segment(marker),
            }
        }
    }

    fn segment(&mut self, marker: u8) -> Result<Option<Segment<'a>>> {
        let Some(length) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk()) else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*length));
        // A length includes itself. A smaller one is harmless if the body is not needed.
        let is_harmless = matches!(marker, 0xe0..=0xef | 0xfe);
        if length < 2 && !is_harmless {
            return Err(corrupt("a JPEG segment is shorter than its own length"));
        }
        let length = length.max(2);
        let Some(body) = self.bytes.get(self.at + 2..self.at + length) else { return Ok(None) };
        self.at += length;
        let coded = if marker == START_OF_SCAN { self.coded() } else { &[] };
        Ok(Some(Segment { marker, body, coded }))
    }

    /// The code of the next marker: the first byte other than 0xFF and zero after any number of 0xFF.
    fn marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte == 0xff)?;
            self.at += self.bytes[self.at..].iter().position(|byte| *byte != 0xff)? + 1;
            match self.bytes[self.at - 1] {
                0 => {}
                marker => return Some(marker),
            }
        }
    }

    /// All up to the next marker other than a restart.
    fn coded(&mut self) -> &'a [u8] {
        let begin = self.at;
        loop {
            match self.marker() {
                Some(0xd0..=0xd7) => {}
                Some(_) => {
                    // It will be found again.
                    self.at -= 2;
                    break;
                }
                None => {
                    self.at = self.bytes.len();
                    break;
                }
            }
        }
        &self.bytes[begin..self.at]
    }
}
