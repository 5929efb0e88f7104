//! Decodes coefficients from a scan's bits (ITU-T T.81, annexes F.2 and G.2).

use super::headers::{Part, Scan};
use super::huffman::{Bits, Codes, Damage, Decoding};
use super::layout::Grid;

/// A block's coefficients, row by row.
pub(super) type Block = [i16; 64];

/// The place in a block of the n-th coefficient in the file.
pub(super) const ZIGZAG: [u8; 64] = zigzag();

/// Along the diagonals, alternating.
const fn zigzag() -> [u8; 64] {
    let (mut order, mut n, mut diagonal) = ([0; 64], 0, 0);
    while diagonal < 15 {
        let mut step = 0;
        while step <= diagonal {
            let (row, column) = if diagonal % 2 == 0 { (diagonal - step, step) } else { (step, diagonal - step) };
            if row < 8 && column < 8 {
                order[n] = row * 8 + column;
                n += 1;
            }
            step += 1;
        }
        diagonal += 1;
    }
    order
}

/// What a scan encodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All of them.
    Sequential,
    FirstDc,
    MoreDc,
    FirstAc,
    MoreAc,
}

/// Reads one scan, block after block.
pub(super) struct Reader<'a> {
    bits: Bits<'a>,
    kind: Kind,
    parts: Vec<Coder>,
    band: (usize, usize),
    /// The lowest bit that this scan gives.
    low: u32,
    /// Remaining blocks in which the band is zero, or which get no new coefficients.
    empty_blocks: u32,
    interval: u16,
    until_restart: u16,
    restarts: u8,
}

/// State of a component in a scan.
struct Coder {
    place: usize,
    dc: Option<Decoding>,
    ac: Option<Decoding>,
    /// The last block's lowest coefficient.
    previous: i32,
}

impl<'a> Reader<'a> {
    pub(super) fn of(scan: &Scan<'a>, is_progressive: bool) -> Result<Self, Damage> {
        let kind = match (is_progressive, scan.band.0, scan.bits.0) {
            (false, ..) => Kind::Sequential,
            (true, 0, 0) => Kind::FirstDc,
            (true, 0, _) => Kind::MoreDc,
            (true, _, 0) => Kind::FirstAc,
            (true, ..) => Kind::MoreAc,
        };
        Ok(Self {
            bits: Bits::of(scan.coded),
            kind,
            parts: scan.parts.iter().map(|part| Coder::of(part, kind)).collect::<Result<_, _>>()?,
            band: (scan.band.0.into(), scan.band.1.into()),
            low: if is_progressive { scan.bits.1.into() } else { 0 },
            empty_blocks: 0,
            interval: scan.restart_interval,
            until_restart: scan.restart_interval,
            restarts: 0,
        })
    }

    /// Reads a row of groups; `planes` hold the blocks of every component, beginning with row `first` of groups.
    pub(super) fn groups(
        &mut self,
        row: usize,
        width: usize,
        grids: &[Grid],
        planes: &mut [Vec<Block>],
    ) -> Result<(), Damage> {
        for group in 0..width {
            self.begin()?;
            for part in 0..self.parts.len() {
                let place = self.parts[part].place;
                let Grid { factors: (across, down), stride, .. } = grids[place];
                for y in row * down..(row + 1) * down {
                    let begin = y * stride + group * across;
                    for block in &mut planes[place][begin..begin + across] {
                        self.block(part, block)?;
                    }
                }
            }
        }
        self.bits.check()
    }

    /// Reads the blocks of a scan with a single component.
    pub(super) fn single(&mut self, grid: &Grid, plane: &mut [Block]) -> Result<(), Damage> {
        for row in plane.chunks_mut(grid.stride).take(grid.blocks.1) {
            for block in &mut row[..grid.blocks.0] {
                self.begin()?;
                self.block(0, block)?;
            }
            self.bits.check()?;
        }
        Ok(())
    }

    /// Handles a restart between two groups, which resets all state.
    #[inline]
    fn begin(&mut self) -> Result<(), Damage> {
        if self.interval == 0 {
            return Ok(());
        }
        if self.until_restart == 0 {
            self.bits.restart(self.restarts)?;
            self.restarts = (self.restarts + 1) % 8;
            self.until_restart = self.interval;
            self.empty_blocks = 0;
            self.parts.iter_mut().for_each(|part| part.previous = 0);
        }
        self.until_restart -= 1;
        Ok(())
    }

    #[inline(always)]
    fn block(&mut self, part: usize, block: &mut Block) -> Result<(), Damage> {
        match self.kind {
            Kind::Sequential => {
                *block = [0; 64];
                block[0] = self.dc(part)?;
                self.ac(part, block)
            }
            Kind::FirstDc => {
                block[0] = self.dc(part)?;
                Ok(())
            }
            Kind::MoreDc => {
                block[0] |= (self.bits.number(1) << self.low) as i16;
                Ok(())
            }
            Kind::FirstAc => self.first_ac(part, block),
            Kind::MoreAc => self.more_ac(part, block),
        }
    }

    /// The lowest coefficient, coded as the difference to the last block's.
    #[inline(always)]
    fn dc(&mut self, part: usize) -> Result<i16, Damage> {
        let part = &mut self.parts[part];
        let Some(table) = &part.dc else { return Err(MISSING) };
        self.bits.fill();
        let size = self.bits.symbol(table)?;
        part.previous += self.bits.value(u32::from(size));
        i16::try_from(part.previous << self.low).map_err(|_| TOO_LARGE)
    }

    /// All other coefficients.
    #[inline(always)]
    fn ac(&mut self, part: usize, block: &mut Block) -> Result<(), Damage> {
        let Some(table) = &self.parts[part].ac else { return Err(MISSING) };
        let mut n = 1;
        while n < 64 {
            self.bits.fill();
            let symbol = self.bits.symbol(table)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            n += zeros;
            if size == 0 {
                if zeros < 15 {
                    return Ok(());
                }
            } else {
                let place = ZIGZAG.get(n).ok_or(TOO_MANY)?;
                block[usize::from(*place) & 63] = self.bits.value(size) as i16;
            }
            n += 1;
        }
        if n == 64 { Ok(()) } else { Err(TOO_MANY) }
    }

    fn first_ac(&mut self, part: usize, block: &mut Block) -> Result<(), Damage> {
        if self.empty_blocks > 0 {
            self.empty_blocks -= 1;
            return Ok(());
        }
        let Some(table) = &self.parts[part].ac else { return Err(MISSING) };
        let mut n = self.band.0;
        while n <= self.band.1 {
            self.bits.fill();
            let symbol = self.bits.symbol(table)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 && zeros < 15 {
                self.empty_blocks = (1 << zeros) - 1 + self.bits.number(zeros as u32);
                return Ok(());
            }
            n += zeros;
            if size > 0 {
                let value = self.bits.value(size) << self.low;
                *self.coefficient(block, n)? = i16::try_from(value).map_err(|_| TOO_LARGE)?;
            }
            n += 1;
        }
        Ok(())
    }

    /// Reads one more bit of the nonzero coefficients, and the coefficients that become nonzero with it.
    fn more_ac(&mut self, part: usize, block: &mut Block) -> Result<(), Damage> {
        let mut n = self.band.0;
        while self.empty_blocks == 0 && n <= self.band.1 {
            let Some(table) = &self.parts[part].ac else { return Err(MISSING) };
            self.bits.fill();
            let symbol = self.bits.symbol(table)?;
            let zeros = u32::from(symbol >> 4);
            let new = match symbol & 15 {
                0 if zeros < 15 => {
                    self.empty_blocks = (1 << zeros) + self.bits.number(zeros);
                    break;
                }
                0 => 0,
                1 if self.bits.number(1) == 1 => 1 << self.low,
                1 => -1 << self.low,
                _ => return Err(TOO_LARGE),
            };
            n = self.refine(block, n, zeros);
            if new != 0 {
                *self.coefficient(block, n)? = new;
            }
            n += 1;
        }
        if self.empty_blocks > 0 {
            self.refine(block, n, u32::MAX);
            self.empty_blocks -= 1;
        }
        Ok(())
    }

    /// Reads a bit for every nonzero coefficient, and stops at the zero after `zeros` others; returns its index.
    fn refine(&mut self, block: &mut Block, mut n: usize, mut zeros: u32) -> usize {
        while n <= self.band.1 {
            let coefficient = &mut block[usize::from(ZIGZAG[n])];
            if *coefficient == 0 {
                if zeros == 0 {
                    break;
                }
                zeros -= 1;
            } else if self.bits.number(1) == 1 && *coefficient & (1 << self.low) == 0 {
                *coefficient = coefficient.wrapping_add(coefficient.signum() << self.low);
            }
            n += 1;
        }
        n
    }

    fn coefficient<'b>(&self, block: &'b mut Block, n: usize) -> Result<&'b mut i16, Damage> {
        if n > self.band.1 { Err(TOO_MANY) } else { Ok(&mut block[usize::from(ZIGZAG[n])]) }
    }
}

impl Coder {
    fn of(part: &Part, kind: Kind) -> Result<Self, Damage> {
        let wants_dc = matches!(kind, Kind::Sequential | Kind::FirstDc);
        let wants_ac = matches!(kind, Kind::Sequential | Kind::FirstAc | Kind::MoreAc);
        let dc = part.dc.as_ref().filter(|_| wants_dc);
        let ac = part.ac.as_ref().filter(|_| wants_ac);
        if wants_dc != dc.is_some() || wants_ac != ac.is_some() {
            return Err(MISSING);
        }
        // A difference has at most 15 bits.
        if dc.is_some_and(|codes| codes.largest() > 15) {
            return Err(TOO_LARGE);
        }
        let decoding = |codes: &Codes| codes.decoding().ok_or(Damage::Corrupt("a Huffman table has too many codes"));
        Ok(Self {
            place: part.place,
            dc: dc.map(|codes| decoding(codes)).transpose()?,
            ac: ac.map(|codes| decoding(codes)).transpose()?,
            previous: 0,
        })
    }
}

const MISSING: Damage = Damage::Corrupt("a Huffman table is missing");
const TOO_LARGE: Damage = Damage::Corrupt("a coefficient is too large");
const TOO_MANY: Damage = Damage::Corrupt("a block has too many coefficients");

#[cfg(test)]
mod tests {
    #[test]
    fn the_order_is_the_standards() {
        // ITU-T T.81, figure A.6, first rows and corners.
        assert_eq!(super::ZIGZAG[..11], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32]);
        assert_eq!(super::ZIGZAG[57..], [60, 61, 54, 47, 55, 62, 63]);
    }
}
