//! Decodes a JPEG, baseline or progressive, with any scans and samplings: the same pixels as libjpeg, or an error.

use rayon::prelude::*;

use super::Pixels;
use super::headers::{Frame, Headers, Part, Scan};
use super::huffman::Damage;
use super::idct::{self, Steps};
use super::layout::{Grid, Layout};
use super::samples::{self, Plane};
use super::scan::{Block, Reader};
use super::wide::wide;
use crate::error::{Error, Result};
use crate::photo::codec::{corrupt, truncated, unsupported};

/// Number of blocks that are read at a time; they are transformed while the next ones are read.
const BLOCKS_AT_A_TIME: usize = 1 << 13;
/// Limit on the work of all scans: this many visits of each block (with a minimum for small pictures). Every scan
/// counts as some blocks. Encoders write about ten scans; a file with a thousand would keep the decoder busy for
/// minutes.
const MOST_VISITS: usize = 100;
const VISITS_OF_SMALL: usize = 1 << 24;
const VISITS_OF_SCAN: usize = 1 << 10;

/// The pixels of a picture whose headers were read.
pub(super) fn decode(headers: &Headers<'_>, frame: &Frame) -> Result<Pixels> {
    let colors = headers.colors(frame)?;
    let layout = Layout::of(frame);
    let first = headers.scans.first().ok_or_else(|| truncated("the JPEG's headers"))?;
    // A block takes at least one bit: nothing is allocated for a frame that is far larger than its data.
    if headers.scans.iter().map(|scan| scan.coded.len()).sum::<usize>() < layout.blocks() / 8 {
        return Err(Damage::Cut.into());
    }
    let planes = layout.components.iter().map(|grid| Plane::of(grid, &layout)).collect::<Option<Vec<_>>>();
    let mut planes =
        planes.ok_or_else(|| unsupported("a JPEG whose components' sizes are not multiples of each other"))?;
    if headers.is_complete() {
        one_scan(first, &layout, &mut planes)?;
    } else {
        many_scans(&headers.scans, frame.is_progressive, &layout, &mut planes)?;
    }
    Ok(samples::pixels(&planes, colors, (frame.width.into(), frame.height.into())))
}

/// A single scan with all components: some rows are read while those before are transformed.
fn one_scan(scan: &Scan<'_>, layout: &Layout, planes: &mut [Plane]) -> Result<(), Damage> {
    let mut steps: Vec<Option<Steps>> = layout.components.iter().map(|_| None).collect();
    keep_steps(&scan.parts, &mut steps)?;
    let mut reader = Reader::of(scan, false)?;
    let row_blocks: usize = layout.components.iter().map(|grid| grid.blocks_in(1)).sum();
    let rows = (BLOCKS_AT_A_TIME / row_blocks).max(1);
    let (mut read, mut waiting) = (blocks(layout, rows), blocks(layout, rows));
    // Rows of groups that wait to be transformed, and the first of them.
    let (mut begin, mut count) = (0, 0);
    loop {
        let next = begin + count;
        let more = rows.min(layout.groups.1 - next);
        let (outcome, transformed) = rayon::join(
            || (0..more).try_for_each(|row| reader.groups(row, layout.groups.0, &layout.components, &mut read)),
            || transform(&waiting, &steps, layout, planes, begin, count),
        );
        outcome?;
        transformed?;
        std::mem::swap(&mut read, &mut waiting);
        (begin, count) = (next, more);
        if count == 0 {
            return Ok(());
        }
    }
}

/// Rows of groups.
fn blocks(layout: &Layout, rows: usize) -> Vec<Vec<Block>> {
    layout.components.iter().map(|grid| vec![[0; 64]; grid.blocks_in(rows)]).collect()
}

/// All scans, then the transform.
fn many_scans(scans: &[Scan<'_>], is_progressive: bool, layout: &Layout, planes: &mut [Plane]) -> Result<(), Damage> {
    let mut read = blocks(layout, layout.groups.1);
    let mut steps: Vec<Option<Steps>> = layout.components.iter().map(|_| None).collect();
    let mut known = vec![Known::default(); layout.components.len()];
    let mut visits = (MOST_VISITS * layout.blocks()).max(VISITS_OF_SMALL);
    for scan in scans {
        keep_steps(&scan.parts, &mut steps)?;
        scan.parts.iter().try_for_each(|part| known[part.place].take(scan, is_progressive))?;
        let reads =
            scan.parts.iter().map(|part| &layout.components[part.place]).map(|grid| grid.blocks.0 * grid.blocks.1);
        visits = visits
            .checked_sub(reads.sum::<usize>() + VISITS_OF_SCAN)
            .ok_or(Damage::Corrupt("it has too many scans"))?;
        let mut reader = Reader::of(scan, is_progressive)?;
        match scan.parts[..] {
            [Part { place, .. }] => reader.single(&layout.components[place], &mut read[place])?,
            _ => (0..layout.groups.1)
                .try_for_each(|row| reader.groups(row, layout.groups.0, &layout.components, &mut read))?,
        }
    }
    if !known.iter().all(Known::is_all) {
        return Err(Damage::Cut);
    }
    transform(&read, &steps, layout, planes, 0, layout.groups.1)
}

/// Keeps the steps of each component's first scan.
fn keep_steps(parts: &[Part], steps: &mut [Option<Steps>]) -> Result<(), Damage> {
    for part in parts {
        let slot = &mut steps[part.place];
        if slot.is_none() {
            let found = part.steps.as_deref().ok_or(Damage::Corrupt("a quantisation table is missing"))?;
            *slot = Some(Steps::of(found).ok_or(Damage::Corrupt("a quantisation step is too large"))?);
        }
    }
    Ok(())
}

/// Transforms `count` rows of groups from `begin` on.
fn transform(
    blocks: &[Vec<Block>],
    steps: &[Option<Steps>],
    layout: &Layout,
    planes: &mut [Plane],
    begin: usize,
    count: usize,
) -> Result<(), Damage> {
    for (((plane, blocks), steps), grid) in planes.iter_mut().zip(blocks).zip(steps).zip(&layout.components) {
        let Some(steps) = steps else { return Err(Damage::Cut) };
        let Grid { stride, .. } = *grid;
        let from = grid.blocks_in(begin) * 64;
        let to = grid.blocks_in(begin + count) * 64;
        plane.samples[from..to].par_chunks_mut(stride * 64).zip(blocks.par_chunks(stride)).try_for_each(
            |(samples, blocks)| {
                wide(|| {
                    blocks.iter().enumerate().try_for_each(|(place, block)| {
                        idct::transform(block, steps, &mut samples[place * 8..], stride * 8)
                    })
                })
            },
        )?;
    }
    Ok(())
}

/// The lowest bit of each coefficient that the scans gave, if any.
#[derive(Clone)]
struct Known([Option<u8>; 64]);

impl Default for Known {
    fn default() -> Self {
        Self([None; 64])
    }
}

impl Known {
    /// Records which bits a scan provides; it must continue where earlier ones stopped (G.1.1.1).
    fn take(&mut self, scan: &Scan<'_>, is_progressive: bool) -> Result<(), Damage> {
        let strange = Damage::Corrupt("its scans are in an invalid order");
        if !is_progressive {
            self.0 = [Some(0); 64];
            return Ok(());
        }
        let ((first, last), (high, low)) = (scan.band, scan.bits);
        let is_band = if first == 0 { last == 0 } else { last >= first && last < 64 && scan.parts.len() == 1 };
        let is_step = low <= 13 && (high == 0 || high == low + 1);
        if !is_band || !is_step || (first > 0 && self.0[0].is_none()) {
            return Err(strange);
        }
        for bit in &mut self.0[usize::from(first)..=usize::from(last)] {
            if bit.unwrap_or(0) != high {
                return Err(strange);
            }
            *bit = Some(low);
        }
        Ok(())
    }

    fn is_all(&self) -> bool {
        self.0.iter().all(|bit| *bit == Some(0))
    }
}

impl From<Damage> for Error {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::Cut => truncated("the JPEG's picture"),
            Damage::Corrupt(why) => corrupt("the JPEG is damaged").because(why),
        }
    }
}
