//! Closed-form matting: alpha in the unknown band, from the photo's colours.
//!
//! Where foreground and background each vary along a line of colours in every small window, alpha is an affine function
//! of colour there. The sum of squared deviations from that is `alpha' L alpha` with the matting Laplacian `L`; alpha
//! minimises it, given the sure pixels. Levin, Lischinski & Weiss 2008, "A closed-form solution to natural
//! image matting", doi:10.1109/TPAMI.2007.1177.
//!
//! Only unknown pixels are variables: the sure ones are boundary values. The system is solved by conjugate gradients
//! with a multigrid cycle as preconditioner, starting from the model's alpha. Memory is about 250 bytes for each
//! unknown pixel.

mod layout;
mod multigrid;
#[cfg(test)]
mod tests;
mod windows;

use rayon::prelude::*;

use crate::error::Result;
use crate::ops::picture::Picture;
use crate::photo::Trimap;
use crate::run::CancelToken;
use layout::{LANES, Layout};
use multigrid::{Level, cycle};

/// Weight of the prior (the model's alpha), relative to deviations with weight 1: enough that an unknown region without
/// any sure pixel has a unique solution, too little to be visible elsewhere.
const LEAST_PULL: f32 = 1e-5;
/// Weight of the prior where the model is sure, with alpha at 0 or 1. It keeps cast shadows and patterns that the model
/// rejected from coming back, but yields to strong evidence in the colours. On mattes of 320 x 320 of eleven products
/// this reduces the error at the edge by a tenth.
const SURE_PULL: f32 = 6e-3;

/// The weight of the prior for `alpha` of the model: half of [`SURE_PULL`] at 0.017 from 0 and 1, almost nothing
/// between 0.2 and 0.8.
fn pull(alpha: f32) -> f32 {
    LEAST_PULL + SURE_PULL * (2.0 * alpha - 1.0).powi(20)
}

/// When the iteration ends.
#[derive(Clone, Copy)]
struct Stop {
    /// When the change per iteration is below this, as root mean square.
    change: f64,
    /// The maximum number of iterations.
    iterations: usize,
}

/// Flat colours converge last, and the remaining error there is visible: at 5e-4 products had a fifth more error at
/// their edges. The maximum bounds the time of pathological cases; usual ones take 10 to 25.
const STOP: Stop = Stop { change: 1e-4, iterations: 40 };

/// Closed-form matting of the unknown pixels of `trimap` (see [`Trimap`] for its values).
///
/// `start` is alpha, 0 to 1: at sure pixels the boundary values, which are returned unchanged; at unknown ones the
/// initial guess, and the result where there is no other evidence. All have the size of `picture`. The result is in 0
/// to 1, and the same for any number of threads. A picture of less than three rows or columns has no windows: `start`
/// is returned.
///
/// # Errors
/// [`Code::Cancelled`](crate::Code::Cancelled).
pub(crate) fn closed_form(picture: &Picture, trimap: &[u8], start: &[f32], cancel: &CancelToken) -> Result<Vec<f32>> {
    debug_assert_eq!(picture.pixels.len(), picture.width * picture.height);
    debug_assert_eq!(picture.pixels.len(), trimap.len());
    debug_assert_eq!(picture.pixels.len(), start.len());
    cancel.check()?;
    let mut alpha = start.to_vec();
    if picture.width < 3 || picture.height < 3 {
        return Ok(alpha);
    }
    let blocks = unknown_blocks(picture.width, trimap);
    if !blocks.is_empty() {
        // One scope around everything, so that this thread does not wait for the pool at every step.
        let mut done = Ok(());
        rayon::scope(|_| done = solve(picture, trimap, &blocks, &mut alpha, STOP, cancel));
        done?;
    }
    Ok(alpha)
}

/// The blocks with an unknown pixel, as (row, column / 8).
fn unknown_blocks(width: usize, trimap: &[u8]) -> Vec<(u32, u32)> {
    let blocks_of = |(row, samples): (usize, &[u8])| -> Vec<(u32, u32)> {
        let unknown = |block: &[u8]| block.contains(&Trimap::UNKNOWN);
        let blocks = samples.chunks(LANES).enumerate().filter(|(_, block)| unknown(block));
        blocks.map(|(column, _)| (row as u32, column as u32)).collect()
    };
    trimap.par_chunks(width).enumerate().with_min_len(64).flat_map_iter(blocks_of).collect()
}

fn solve(
    picture: &Picture,
    trimap: &[u8],
    blocks: &[(u32, u32)],
    alpha: &mut [f32],
    stop: Stop,
    cancel: &CancelToken,
) -> Result<()> {
    let layout = Layout::new(blocks);
    let live = layout.load(picture, |at| f32::from(u8::from(trimap[at] == Trimap::UNKNOWN)));
    let given = layout.load(picture, |at| valid(alpha[at]));
    let stencils = windows::laplacian(picture, &layout, &live, &given);
    cancel.check()?;
    // Solves for the difference from `given`: then sure pixels are zeros, and the rows' sums, which come from the
    // prior, do not matter.
    let mut right = layout.field();
    layout.for_each_piece(&mut right, |piece, own| {
        for number in piece.blocks.clone() {
            let block = &layout.blocks[number];
            let product = windows::apply(&stencils[number], block, &given);
            let place = block.place();
            let own = &mut own[place - piece.places.start..][..LANES];
            for lane in 0..LANES {
                own[lane] = live[place + lane] * pull(given[place + lane]) * given[place + lane] - product[lane];
            }
        }
    });
    let mut levels = multigrid::levels(layout, stencils, live, cancel)?;
    levels[0].fields.right = right;
    let difference = conjugate_gradients(&mut levels, stop, cancel)?;
    for block in &levels[0].layout.blocks {
        let (row, first) = (block.row as usize * picture.width, block.column as usize * LANES);
        for (lane, x) in (first..(first + LANES).min(picture.width)).enumerate() {
            if trimap[row + x] == Trimap::UNKNOWN {
                alpha[row + x] = valid(given[block.place() + lane] + difference[block.place() + lane]);
            }
        }
    }
    Ok(())
}

/// Clamps to 0 to 1, and replaces NaN.
fn valid(alpha: f32) -> f32 {
    if alpha > 0.0 { alpha.min(1.0) } else { 0.0 }
}

/// Solves the finest level for its `right`.
fn conjugate_gradients(levels: &mut [Level], stop: Stop, cancel: &CancelToken) -> Result<Vec<f32>> {
    let mut solution = levels[0].layout.field();
    let mut direction = levels[0].layout.field();
    let mut product = levels[0].layout.field();
    let unknown = levels[0].unknown();
    let mut before = f64::INFINITY;
    for _ in 0..stop.iterations {
        cancel.check()?;
        cycle(levels);
        let Level { layout, stencils, fields, .. } = &mut levels[0];
        let change = &fields.solution;
        let weight = dot(&fields.right, change);
        let left = (dot(change, change) / unknown).sqrt();
        // Neither happens while numbers are finite.
        if !(weight > 0.0 && left.is_finite()) {
            break;
        }
        if left < stop.change {
            add(&mut solution, 1.0, change);
            break;
        }
        let keep = (weight / before) as f32;
        before = weight;
        update(&mut direction, change, |direction, change| change + keep * direction);
        layout.for_each_piece(&mut product, |piece, own| {
            for number in piece.blocks.clone() {
                let block = &layout.blocks[number];
                let sums = windows::apply(&stencils[number], block, &direction);
                own[block.place() - piece.places.start..][..LANES].copy_from_slice(&sums);
            }
        });
        let curvature = dot(&direction, &product);
        if curvature <= 0.0 {
            break;
        }
        let step = (weight / curvature) as f32;
        add(&mut solution, step, &direction);
        add(&mut fields.right, -step, &product);
    }
    Ok(solution)
}

/// Entries of a field in one piece of work. Fixed, so that sums do not depend on the number of threads.
const PIECE: usize = 1 << 13;

fn update(field: &mut [f32], with: &[f32], change: impl Fn(f32, f32) -> f32 + Sync) {
    field.par_chunks_mut(PIECE).zip(with.par_chunks(PIECE)).for_each(|(field, with)| {
        for (value, &with) in field.iter_mut().zip(with) {
            *value = change(*value, with);
        }
    });
}

fn add(field: &mut [f32], factor: f32, with: &[f32]) {
    update(field, with, |value, with| value + factor * with);
}

/// The sum of products: in `f32` for 32 of them at most, then in `f64`.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let of_piece = |(a, b): (&[f32], &[f32])| -> f64 {
        let of_run = |(a, b): (&[f32], &[f32])| -> f64 {
            let mut lanes = [0.0_f32; LANES];
            for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
                for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
                    *lane += a * b;
                }
            }
            f64::from(lanes.iter().sum::<f32>())
        };
        a.chunks(4 * LANES).zip(b.chunks(4 * LANES)).map(of_run).sum()
    };
    let pieces: Vec<f64> = a.par_chunks(PIECE).zip(b.par_chunks(PIECE)).map(of_piece).collect();
    pieces.iter().sum()
}
