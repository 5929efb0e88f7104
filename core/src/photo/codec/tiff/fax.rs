//! Black and white as encoded by fax machines: ITU-T T.4 (Group 3) and T.6 (Group 4).
//!
//! A row is a list of the columns where its colour changes, beginning with white. Codes that do not give a row of
//! exactly the right width are an error; nothing is guessed.

use std::convert::Infallible;
use std::io::{Error, ErrorKind, Read, Result};
use std::iter::Chain;
use std::vec::IntoIter;

use fax::maps::{Mode, black, mode, white};
use fax::{BitReader, ByteReader};

use super::page::Fax;

/// Zero bytes after the data, so that a reader with lookahead can decode the last code: no code is all zeros.
const PADDING: usize = 8;
/// Zeros that begin the end-of-row code; no code of a run has as many.
const END_ZEROS: u8 = 11;

type Bytes = std::iter::Map<Chain<IntoIter<u8>, std::iter::RepeatN<u8>>, fn(u8) -> Byte>;
type Byte = std::result::Result<u8, Infallible>;

/// Rows of one bit a pixel, 1 for black, each padded to whole bytes.
pub(super) struct Rows {
    bits: Option<ByteReader<Bytes>>,
    fax: Fax,
    width: u32,
    left: usize,
    /// Columns where the colour changes in the row before.
    changes: Vec<u32>,
    row: Vec<u8>,
    at: usize,
}

impl Rows {
    pub(super) fn new(data: Vec<u8>, fax: Fax, width: usize, rows: usize) -> Self {
        let padded = data.into_iter().chain(std::iter::repeat_n(0, PADDING)).map(Ok as fn(u8) -> Byte);
        let bits = ByteReader::new(padded).ok();
        let width = u32::try_from(width).unwrap_or(u32::MAX);
        Self { bits, fax, width, left: rows, changes: Vec::new(), row: Vec::new(), at: 0 }
    }

    fn next_row(&mut self) -> Option<()> {
        let bits = self.bits.as_mut()?;
        self.changes = match self.fax {
            Fax::Rows => {
                let row = in_runs(bits, self.width)?;
                consume(bits, bits.bits_to_byte_boundary())?;
                row
            }
            Fax::Three(two_dimensional) => {
                end_of_row(bits)?;
                let by_difference = two_dimensional && take(bits, 1)? == 0;
                if by_difference {
                    by_differences(bits, &self.changes, self.width)?
                } else {
                    in_runs(bits, self.width)?
                }
            }
            Fax::Four => by_differences(bits, &self.changes, self.width)?,
        };
        self.row.clear();
        self.row.resize((self.width as usize).div_ceil(8), 0);
        for run in self.changes.chunks_exact(2) {
            (run[0]..run[1]).for_each(|x| self.row[x as usize / 8] |= 128 >> (x % 8));
        }
        if let Some(start) = self.changes.chunks_exact(2).remainder().first() {
            (*start..self.width).for_each(|x| self.row[x as usize / 8] |= 128 >> (x % 8));
        }
        Some(())
    }
}

impl Read for Rows {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if self.at == self.row.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            self.next_row()
                .ok_or_else(|| Error::new(ErrorKind::InvalidData, "a row of the fax is damaged or missing"))?;
            self.at = 0;
        }
        let length = (&self.row[self.at..]).read(out)?;
        self.at += length;
        Ok(length)
    }
}

fn consume(bits: &mut ByteReader<Bytes>, count: u8) -> Option<()> {
    bits.consume(count).ok()
}

fn take(bits: &mut ByteReader<Bytes>, count: u8) -> Option<u16> {
    let value = bits.peek(count)?;
    consume(bits, count)?;
    Some(value)
}

/// Skips an end-of-row code and the fill zeros before it. It may be missing.
fn end_of_row(bits: &mut ByteReader<Bytes>) -> Option<()> {
    if bits.peek(END_ZEROS)? == 0 {
        while take(bits, 1)? == 0 {}
    }
    Some(())
}

/// The length of a run: codes for multiples of 64, and one for the rest.
fn run(bits: &mut ByteReader<Bytes>, is_black: bool) -> Option<u32> {
    let mut length = 0_u32;
    loop {
        let part = u32::from(if is_black { black::decode(bits)? } else { white::decode(bits)? });
        length = length.checked_add(part)?;
        if part < 64 {
            return Some(length);
        }
    }
}

fn in_runs(bits: &mut ByteReader<Bytes>, width: u32) -> Option<Vec<u32>> {
    let (mut changes, mut at) = (Vec::new(), 0_u32);
    while at < width {
        at = at.checked_add(run(bits, changes.len() % 2 == 1)?).filter(|at| *at <= width)?;
        changes.push(at);
    }
    Some(changes)
}

/// T.4, 4.2.1.3: decodes a row from its differences to the `reference` above it.
fn by_differences(bits: &mut ByteReader<Bytes>, reference: &[u32], width: u32) -> Option<Vec<u32>> {
    let (mut changes, mut at): (Vec<u32>, u32) = (Vec::new(), 0);
    let mut first = true;
    // The first change in the reference row that may still be to the right.
    let mut above = 0_usize;
    while at < width {
        let color = changes.len() % 2;
        above = above.saturating_sub(2);
        let beyond = |index: usize| reference.get(index).is_some_and(|x| if first { *x >= at } else { *x > at });
        while above < reference.len() && !(above % 2 == color && beyond(above)) {
            above += 1;
        }
        let place = |index: usize| reference.get(index).copied().unwrap_or(width);
        match mode::decode(bits)? {
            Mode::Pass => at = place(above + 1),
            Mode::Horizontal => {
                for is_black in [color == 1, color == 0] {
                    at = at.checked_add(run(bits, is_black)?).filter(|at| *at <= width)?;
                    changes.push(at);
                }
            }
            Mode::Vertical(shift) => {
                let to = place(above).checked_add_signed(i32::from(shift))?;
                if to > width || to < at {
                    return None;
                }
                at = to;
                changes.push(at);
            }
            Mode::Extension | Mode::EOF => return None,
        }
        first = false;
    }
    Some(changes)
}
