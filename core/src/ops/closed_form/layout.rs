//! Memory layout of the unknown pixels of a picture.
//!
//! Cells are kept in blocks of eight in a row, aligned to multiples of eight; only blocks with an unknown cell exist.
//! A *field* is a `Vec<f32>` with a place for every cell of every block and for all cells up to [`REACH`] away from a
//! block, so that a block and its neighbours are read as slices of fixed length. Cells that are not unknown
//! hold zero. The first [`MARGIN`] places of a field belong to no cell and are always zero.

use std::ops::Range;

use rayon::prelude::*;

use crate::ops::picture::Picture;

/// Cells in a block.
pub(super) const LANES: usize = 8;
/// How far a cell's neighbours are, in each direction: two cells that share a window of 3 x 3.
pub(super) const REACH: usize = 2;
/// Cells in one row that a block and its neighbours take.
pub(super) const SPAN: usize = LANES + 2 * REACH;

/// Zeros at the start of a field, for cells outside.
const MARGIN: usize = SPAN;
/// Number of blocks in a piece of work. It is fixed, independent of the number of threads: sums are computed per piece,
/// and must not depend on the machine.
const PIECE: usize = 128;

/// One value for each cell of a block.
pub(super) type Lanes = [f32; LANES];

/// Eight cells in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) row: u32,
    /// The first cell's column divided by eight.
    pub(super) column: u32,
    /// Index in a field of the cell [`REACH`] left of the first one, for the rows from `row - 2` to `row + 2`.
    pub(super) around: [u32; 5],
}

impl Block {
    /// Index of the first cell in a field.
    pub(super) fn place(&self) -> usize {
        self.around[REACH] as usize + REACH
    }
}

/// Blocks side by side in a field, with their surroundings.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    first: u32,
    end: u32,
    place: u32,
}

/// Consecutive rows that are worked on together.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) blocks: Range<usize>,
    pub(super) places: Range<usize>,
    /// `places` and those of the rows above and below.
    pub(super) near: Range<usize>,
}

/// The blocks of one size of the picture.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) blocks: Vec<Block>,
    pub(super) pieces: Vec<Piece>,
    /// Length of a field.
    pub(super) places: usize,
    /// For each row from `top` on, its first block.
    rows: Vec<usize>,
    top: u32,
    stretches: Vec<Stretch>,
    /// For each row from `top - REACH` on, its first stretch.
    stretch_rows: Vec<usize>,
}

impl Layout {
    /// The layout of blocks given as (row, column / 8), by row and then by column, at least one.
    pub(super) fn new(cells: &[(u32, u32)]) -> Self {
        let (top, bottom) = (cells[0].0, cells[cells.len() - 1].0);
        let count = (bottom - top + 1) as usize;
        let rows: Vec<usize> = (0..=count).map(|row| cells.partition_point(|&(y, _)| y < top + row as u32)).collect();
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut stretch_rows = Vec::with_capacity(count + 2 * REACH + 1);
        let mut places = MARGIN;
        let mut near = Vec::new();
        let mut row_places = Vec::with_capacity(count + 2 * REACH);
        for row in 0..count + 2 * REACH {
            stretch_rows.push(stretches.len());
            row_places.push(places);
            let within = row.saturating_sub(2 * REACH)..(row + 1).min(count);
            near.clear();
            near.extend(cells[rows[within.start]..rows[within.end]].iter().map(|&(_, column)| column));
            near.sort_unstable();
            near.dedup();
            let first_of_row = stretches.len();
            for &column in &near {
                match stretches[first_of_row..].last_mut() {
                    Some(stretch) if stretch.end == column => {
                        stretch.end += 1;
                        places += LANES;
                    }
                    _ => {
                        stretches.push(Stretch { first: column, end: column + 1, place: places as u32 });
                        places += SPAN;
                    }
                }
            }
        }
        stretch_rows.push(stretches.len());
        row_places.push(places);
        let mut layout = Self {
            blocks: Vec::new(),
            pieces: Vec::new(),
            places: places + MARGIN,
            rows,
            top,
            stretches,
            stretch_rows,
        };
        layout.blocks = cells.par_iter().map(|&(row, column)| layout.block(row, column)).collect();
        layout.pieces = layout.cut(&row_places);
        layout
    }

    fn block(&self, row: u32, column: u32) -> Block {
        let around = [-2, -1, 0, 1, 2].map(|dy| self.place(i64::from(row) + dy, column).unwrap_or(0) as u32);
        Block { row, column, around }
    }

    fn cut(&self, row_places: &[usize]) -> Vec<Piece> {
        let count = self.rows.len() - 1;
        let mut pieces = Vec::new();
        let mut first = 0;
        for row in 1..=count {
            if row == count || self.rows[row] - self.rows[first] >= PIECE {
                pieces.push(Piece {
                    blocks: self.rows[first]..self.rows[row],
                    places: row_places[first + REACH]..row_places[row + REACH],
                    near: row_places[first + REACH - 1]..row_places[row + REACH + 1],
                });
                first = row;
            }
        }
        pieces
    }

    /// Index in a field of the cell [`REACH`] left of column `8 * column`.
    pub(super) fn place(&self, row: i64, column: u32) -> Option<usize> {
        let row = usize::try_from(row - i64::from(self.top) + REACH as i64).ok()?;
        let range = *self.stretch_rows.get(row)?..*self.stretch_rows.get(row + 1)?;
        let row = &self.stretches[range];
        let stretch = row.get(row.partition_point(|stretch| stretch.end <= column))?;
        (stretch.first <= column).then(|| stretch.place as usize + (column - stretch.first) as usize * LANES)
    }

    /// The number of the block at `row` and column `8 * column`.
    pub(super) fn find(&self, row: i64, column: i64) -> Option<usize> {
        let column = u32::try_from(column).ok()?;
        let row = usize::try_from(row - i64::from(self.top)).ok()?;
        let range = *self.rows.get(row)?..*self.rows.get(row + 1)?;
        let found = self.blocks[range.clone()].binary_search_by_key(&column, |block| block.column).ok()?;
        Some(range.start + found)
    }

    /// A field with the value of every pixel of `picture` that has a place, by the pixel's number; zero elsewhere.
    pub(super) fn load(&self, picture: &Picture, value: impl Fn(usize) -> f32 + Sync) -> Vec<f32> {
        let mut field = self.field();
        for (row, range) in self.stretch_rows.windows(2).enumerate() {
            let y = i64::from(self.top) + row as i64 - REACH as i64;
            if y < 0 || y >= picture.height as i64 {
                continue;
            }
            for stretch in &self.stretches[range[0]..range[1]] {
                // One REACH to the right, so that columns are never negative.
                let first = stretch.first as usize * LANES;
                for x in first.max(REACH)..(stretch.end as usize * LANES + 2 * REACH).min(picture.width + REACH) {
                    field[stretch.place as usize + x - first] = value(y as usize * picture.width + x - REACH);
                }
            }
        }
        field
    }

    /// A field of zeros.
    pub(super) fn field(&self) -> Vec<f32> {
        vec![0.0; self.places]
    }

    /// Writes a field block by block, on all threads: `write` gets each piece and its part of `field`.
    pub(super) fn for_each_piece<'a, T: Send>(
        &'a self,
        field: &mut [f32],
        write: impl Fn(&'a Piece, &mut [f32]) -> T + Sync,
    ) -> Vec<T> {
        let mut rest = field;
        let mut at = 0;
        let mut parts = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let (_, tail) = rest.split_at_mut(piece.places.start - at);
            let (own, tail) = tail.split_at_mut(piece.places.len());
            parts.push((piece, own));
            rest = tail;
            at = piece.places.end;
        }
        parts.into_par_iter().map(|(piece, own)| write(piece, own)).collect()
    }
}
