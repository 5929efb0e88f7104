//! The matting Laplacian, as one stencil of 5 x 5 for each unknown pixel.
//!
//! In a window `k` of 3 x 3 pixels with colours `I`, mean `mu` and covariance `S`, alpha is taken to be an affine
//! function of colour. Its cost is quadratic in alpha with the matrix
//! `d_ij - (1 + (I_i - mu)' (S + epsilon/9)^-1 (I_j - mu)) / 9`, and the Laplacian sums that over all windows inside
//! of the picture. With the Cholesky factor `C C' = S + epsilon/9` and `v_i = C^-1 (I_i - mu)` the quadratic form is
//! `v_i . v_j`: this keeps the sum positive semidefinite in `f32`, which an inverse of the covariance would not.

use rayon::prelude::*;

use super::layout::{Block, LANES, Lanes, Layout, Piece, REACH};
use super::pull;
use crate::ops::picture::{Picture, Rgb};

/// Coefficients of one block: for each of 5 x 5 neighbours, row by row, those of the eight cells.
pub(super) type Stencil = [Lanes; 25];

/// Added to the covariance of colours in a window. Reference implementations use 1e-7; with 2e-5, less of the sensor's
/// noise is explained as alpha, errors at the band's border spread less, and the system is easier to solve. On a hairy
/// animal and on products, 1e-5 to 1e-4 give about the same results, and smaller values are worse.
pub(super) const EPSILON: f64 = 2e-5;

/// The Laplacian's rows of all cells of `layout`; those of cells that are not `live` are zero. The pull of the model's
/// alpha, `given`, is added to the diagonal.
pub(super) fn laplacian(picture: &Picture, layout: &Layout, live: &[f32], given: &[f32]) -> Vec<Stencil> {
    let mut stencils = vec![[[0.0; LANES]; 25]; layout.blocks.len()];
    let mut rest = &mut stencils[..];
    let mut parts = Vec::with_capacity(layout.pieces.len());
    for piece in &layout.pieces {
        let (own, tail) = rest.split_at_mut(piece.blocks.len());
        parts.push((piece, own));
        rest = tail;
    }
    parts.into_par_iter().for_each(|(piece, own)| fill(picture, layout, piece, live, given, own));
    stencils
}

fn fill(picture: &Picture, layout: &Layout, piece: &Piece, live: &[f32], given: &[f32], stencils: &mut [Stencil]) {
    let blocks = &layout.blocks[piece.blocks.clone()];
    let windows = Windows::around(picture, piece, blocks);
    for (block, stencil) in blocks.iter().zip(stencils) {
        let place = block.place();
        *stencil = windows.stencil(block);
        for lanes in stencil.iter_mut() {
            for (value, &live) in lanes.iter_mut().zip(&live[place..place + LANES]) {
                *value *= live;
            }
        }
        for lane in 0..LANES {
            stencil[12][lane] += live[place + lane] * pull(given[place + lane]);
        }
    }
}

/// Whitened colours of all windows that the blocks of a piece need. A window is indexed by its centre.
struct Windows {
    /// The first place in a field that has a window here.
    start: usize,
    /// Number of windows.
    stride: usize,
    /// `VALUES` planes of `stride` windows: three coordinates of each of nine pixels, and the weight.
    values: Vec<f32>,
}

/// 9 pixels x 3 coordinates, and the window's weight: 1/9, or 0 if it is not inside the picture.
const VALUES: usize = 28;
const WEIGHT: usize = 27;

impl Windows {
    fn around(picture: &Picture, piece: &Piece, blocks: &[Block]) -> Self {
        let (start, stride) = (piece.near.start, piece.near.len());
        let mut values = vec![0.0; stride * VALUES];
        let (width, height) = (picture.width, picture.height);
        for block in blocks {
            let first = block.column as usize * LANES;
            for dy in 0..3 {
                // One more than the row and column, so that they are never negative.
                let y = block.row as usize + dy;
                if y < 2 || y >= height {
                    continue;
                }
                let left = block.around[dy + 1] as usize + REACH - 1 - start;
                for x in first.max(2)..(first + LANES + 2).min(width) {
                    let at = left + x - first;
                    if values[at + WEIGHT * stride] == 0.0 {
                        values[at + WEIGHT * stride] = 1.0 / 9.0;
                        let whitened = whiten(picture, x - 1, y - 1);
                        for (plane, value) in whitened.as_flattened().iter().enumerate() {
                            values[at + plane * stride] = *value;
                        }
                    }
                }
            }
        }
        Self { start, stride, values }
    }

    fn plane(&self, plane: usize, window: usize) -> &[f32; LANES] {
        self.values[plane * self.stride + window..].first_chunk().unwrap_or(&[0.0; LANES])
    }

    fn stencil(&self, block: &Block) -> Stencil {
        let mut stencil = [[0.0; LANES]; 25];
        for wy in 0..3 {
            for wx in 0..3 {
                // The windows' centres are (wx - 1, wy - 1) from the pixels, which makes those number `own` of theirs.
                let window = block.around[wy + 1] as usize + REACH + wx - 1 - self.start;
                let own = (2 - wy) * 3 + 2 - wx;
                let [red, green, blue] = [0, 1, 2].map(|axis| self.plane(own * 3 + axis, window));
                let weight = self.plane(WEIGHT, window);
                for other in 0..9 {
                    let [r, g, b] = [0, 1, 2].map(|axis| self.plane(other * 3 + axis, window));
                    let sums = &mut stencil[(wy + other / 3) * 5 + wx + other % 3];
                    for lane in 0..LANES {
                        let affinity = 1.0 + red[lane] * r[lane] + green[lane] * g[lane] + blue[lane] * b[lane];
                        sums[lane] -= weight[lane] * affinity;
                    }
                }
                for (sum, weight) in stencil[12].iter_mut().zip(weight) {
                    *sum += 9.0 * weight;
                }
            }
        }
        stencil
    }
}

/// `C^-1 (I_i - mu)` for the nine pixels of the window around (`x`, `y`).
fn whiten(picture: &Picture, x: usize, y: usize) -> [Rgb; 9] {
    let centre = picture.pixels[y * picture.width + x];
    let mut colours = [[0.0_f64; 3]; 9];
    let mut mean = [0.0_f64; 3];
    for (row, colours) in colours.chunks_exact_mut(3).enumerate() {
        let from = (y + row - 1) * picture.width + x - 1;
        for (colour, pixel) in colours.iter_mut().zip(&picture.pixels[from..from + 3]) {
            for channel in 0..3 {
                colour[channel] = f64::from(pixel[channel] - centre[channel]);
                mean[channel] += colour[channel] / 9.0;
            }
        }
    }
    let mut covariance = [0.0_f64; 6];
    for colour in &mut colours {
        for channel in 0..3 {
            colour[channel] -= mean[channel];
        }
        let [r, g, b] = *colour;
        for (sum, product) in covariance.iter_mut().zip([r * r, r * g, r * b, g * g, g * b, b * b]) {
            *sum += product / 9.0;
        }
    }
    let [rr, rg, rb, gg, gb, bb] = covariance;
    let ridge = EPSILON / 9.0;
    // Rounding may push a pivot below the ridge, but it must never be smaller than the ridge.
    let c00 = (rr + ridge).sqrt();
    let (c10, c20) = (rg / c00, rb / c00);
    let c11 = (gg + ridge - c10 * c10).max(ridge).sqrt();
    let c21 = (gb - c10 * c20) / c11;
    let c22 = (bb + ridge - c20 * c20 - c21 * c21).max(ridge).sqrt();
    let (i0, i1, i2) = (1.0 / c00, 1.0 / c11, 1.0 / c22);
    colours.map(|[r, g, b]| {
        let v0 = r * i0;
        let v1 = (g - c10 * v0) * i1;
        let v2 = (b - c20 * v0 - c21 * v1) * i2;
        [v0 as f32, v1 as f32, v2 as f32]
    })
}

/// `result = stencil * field` for one block.
pub(super) fn apply(stencil: &Stencil, block: &Block, field: &[f32]) -> Lanes {
    let mut sums = [0.0; LANES];
    for (row, &at) in stencil.chunks_exact(5).zip(&block.around) {
        let Some(cells) = field[at as usize..].first_chunk::<{ LANES + 2 * REACH }>() else { continue };
        for (dx, coefficients) in row.iter().enumerate() {
            for lane in 0..LANES {
                sums[lane] += coefficients[lane] * cells[lane + dx];
            }
        }
    }
    sums
}
