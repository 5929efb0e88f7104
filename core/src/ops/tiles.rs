//! The tiles of a picture that an operation must process: the edge of a subject is a thin band, and time should grow
//! with the band, not with the picture.

use rayon::prelude::*;

use super::window::Region;

/// Smallest side of a tile. Small tiles follow a band closely, large ones spend less on the margins around them.
const SIDE: usize = 64;

/// A set of square tiles of a picture.
#[derive(Debug, Clone)]
pub(crate) struct Tiles {
    width: usize,
    height: usize,
    side: usize,
    wanted: Vec<bool>,
}

impl Tiles {
    /// The tiles with at least one pixel for which `wanted` is not 0; `wanted` has `width` columns. `margin` is how far
    /// the work reaches around a tile: with a large margin tiles are larger, or most of the work would be repeated.
    pub(crate) fn with(width: usize, wanted: &[u8], margin: usize) -> Self {
        let height = wanted.len() / width;
        let side = SIDE.max(2 * margin);
        let across = width.div_ceil(side);
        let mut tiles = vec![false; across * height.div_ceil(side)];
        tiles.par_chunks_mut(across).zip(wanted.par_chunks(width * side)).for_each(|(tiles, rows)| {
            for row in rows.chunks_exact(width) {
                for (tile, part) in tiles.iter_mut().zip(row.chunks(side)) {
                    *tile |= part.iter().any(|&wanted| wanted != 0);
                }
            }
        });
        Self { width, height, side, wanted: tiles }
    }

    /// A plane of the picture's size: `work` returns the values of a tile, row by row; zeros elsewhere. Tiles are
    /// processed in parallel, and the result does not depend on the number of threads.
    pub(crate) fn compute<T: Copy + Default + Send>(&self, work: impl Fn(&Region) -> Vec<T> + Sync) -> Vec<T> {
        let side = self.side;
        let across = self.width.div_ceil(side);
        let mut plane = vec![T::default(); self.width * self.height];
        plane.par_chunks_mut(self.width * side).enumerate().for_each(|(row, strip)| {
            let top = row * side;
            let rows = top..(top + side).min(self.height);
            let line = &self.wanted[row * across..][..across];
            let tiles = line.par_iter().enumerate().filter(|&(_, &wanted)| wanted).map(|(column, _)| {
                let left = column * side;
                let region = Region { columns: left..(left + side).min(self.width), rows: rows.clone() };
                let values = work(&region);
                (region, values)
            });
            for (region, values) in tiles.collect::<Vec<_>>() {
                let columns = region.columns;
                for (row, values) in strip.chunks_exact_mut(self.width).zip(values.chunks_exact(columns.len())) {
                    row[columns.clone()].copy_from_slice(values);
                }
            }
        });
        plane
    }
}
