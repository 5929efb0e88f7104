//! The smoothed colours of a part of a picture, continued over the whole picture.

use super::diffuse::diffuse;
use super::picture::{Picture, Rgb};
use super::sample::{Grid, Position};

/// Side of the blocks that are averaged.
const BLOCK: usize = 8;

/// The smooth colours of a set of pixels, everywhere.
pub(crate) struct Smooth {
    grid: Grid<3>,
    columns: Vec<Position>,
    rows: Vec<Position>,
}

impl Smooth {
    /// The colours of the pixels of `picture` for which `member` is true; `None` if there are none.
    pub(crate) fn of(picture: &Picture, member: impl Fn(usize) -> bool) -> Option<Self> {
        let (width, height) = (picture.width.div_ceil(BLOCK), picture.height.div_ceil(BLOCK));
        let mut blocks = vec![[0.0_f32; 3]; width * height];
        let mut counts = vec![0_u32; width * height];
        for (index, pixel) in picture.pixels.iter().enumerate().filter(|&(index, _)| member(index)) {
            let block = index / picture.width / BLOCK * width + index % picture.width / BLOCK;
            blocks[block].iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value);
            counts[block] += 1;
        }
        if counts.iter().all(|&count| count == 0) {
            return None;
        }
        for (block, &count) in blocks.iter_mut().zip(&counts) {
            *block = block.map(|sum| sum / count.max(1) as f32);
        }
        let values = diffuse(width, blocks, |block| counts[block] > 0, [0.0; 3]);
        let places = |full: usize, small: usize| (0..full).map(|at| Position::of(at, full, small)).collect();
        let (columns, rows) = (places(picture.width, width), places(picture.height, height));
        Some(Self { grid: Grid { width, values }, columns, rows })
    }

    /// The colour at a pixel of the picture.
    pub(crate) fn at(&self, index: usize) -> Rgb {
        self.grid.between(self.columns[index % self.columns.len()], self.rows[index / self.columns.len()])
    }
}

/// The squared distance of two colours.
pub(crate) fn distance(a: Rgb, b: Rgb) -> f32 {
    a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum()
}
