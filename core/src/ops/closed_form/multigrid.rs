//! A multigrid V-cycle as preconditioner for the matting Laplacian.
//!
//! Each coarser level has half as many cells in a row. Restriction and prolongation are bilinear interpolation between
//! the centres of cells (weights 3/4 and 1/4), and the coarse system is the Galerkin product of the fine one, which
//! again has stencils of 5 x 5. Colours are not needed below the finest level. One damped Jacobi step before and after
//! each coarser level makes the cycle symmetric, as conjugate gradients require. See Lee & Wu 2014, "Scalable matting:
//! a sub-linear approach", arXiv:1404.3933.

use rayon::prelude::*;

use super::layout::{Block, LANES, Lanes, Layout, REACH};
use super::windows::{Stencil, apply};
use crate::error::Result;
use crate::run::CancelToken;

/// A step of Jacobi's method with `DAMPING / (half the sum of a row's magnitudes)`: below 1 it converges for every
/// symmetric positive matrix (Gershgorin), so that the preconditioner is always positive.
const DAMPING: f32 = 0.95;
/// A level with at most this many blocks is not coarsened further: Jacobi steps solve it.
const SMALLEST: usize = 8;
/// More levels than a picture of any size needs.
const MOST: usize = 16;
const STEPS_AT_THE_END: usize = 12;

/// Weights of four fine cells in a row, the middle two of which are a coarse cell's own.
const WEIGHTS: [f32; 4] = [0.25, 0.75, 0.75, 0.25];

/// One size of the system.
pub(super) struct Level {
    pub(super) layout: Layout,
    pub(super) stencils: Vec<Stencil>,
    /// 1 for each cell of the system, as a field.
    live: Vec<f32>,
    /// The factor of the residual in Jacobi's step. Zero for other cells.
    step: Vec<Lanes>,
    /// For each block, the index of the coarse cell left of its first one, in its own row and in the nearest other row.
    parents: Vec<[u32; 2]>,
    /// For each block of the next coarser level and each half of it: the index of the cell left of the first, in the
    /// four rows of this level that it covers.
    children: Vec<[[u32; 4]; 2]>,
    pub(super) fields: Fields,
}

/// Working memory of a V-cycle, which solves for `right` and writes to `solution`.
pub(super) struct Fields {
    pub(super) right: Vec<f32>,
    pub(super) solution: Vec<f32>,
    residual: Vec<f32>,
}

/// The system of `layout`, `stencils` and `live`, and all coarser ones, finest first.
pub(super) fn levels(
    layout: Layout,
    mut stencils: Vec<Stencil>,
    live: Vec<f32>,
    cancel: &CancelToken,
) -> Result<Vec<Level>> {
    mask(&layout, &mut stencils, &live);
    let mut levels = vec![Level::new(layout, stencils, live)];
    while levels.len() < MOST
        && let Some(last) = levels.last_mut().filter(|last| last.layout.blocks.len() > SMALLEST)
    {
        cancel.check()?;
        let next = last.coarser();
        levels.push(next);
    }
    Ok(levels)
}

/// Removes the coefficients that connect cells of the system with others.
fn mask(layout: &Layout, stencils: &mut [Stencil], live: &[f32]) {
    stencils.par_iter_mut().zip(&layout.blocks).with_min_len(64).for_each(|(stencil, block)| {
        for (row, &at) in stencil.chunks_exact_mut(5).zip(&block.around) {
            for (dx, lanes) in row.iter_mut().enumerate() {
                let from = at as usize + dx;
                for (value, &live) in lanes.iter_mut().zip(&live[from..from + LANES]) {
                    *value *= live;
                }
            }
        }
    });
}

impl Level {
    fn new(layout: Layout, stencils: Vec<Stencil>, live: Vec<f32>) -> Self {
        let step = stencils.iter().map(jacobi).collect();
        let fields = Fields { right: layout.field(), solution: layout.field(), residual: layout.field() };
        Self { layout, stencils, live, step, parents: Vec::new(), children: Vec::new(), fields }
    }

    /// Number of cells of the system.
    pub(super) fn unknown(&self) -> f64 {
        self.live.iter().map(|&live| f64::from(live)).sum()
    }

    fn coarser(&mut self) -> Self {
        let fine = &self.layout;
        let mut cells: Vec<(u32, u32)> = fine.blocks.iter().map(|block| (block.row / 2, block.column / 2)).collect();
        cells.sort_unstable();
        cells.dedup();
        let layout = Layout::new(&cells);
        let children: Vec<[[u32; 4]; 2]> = layout.blocks.iter().map(|block| children(fine, block)).collect();
        self.parents = fine.blocks.iter().map(|block| parents(&layout, block)).collect();
        let mut live = layout.field();
        for (block, children) in layout.blocks.iter().zip(&children) {
            for lane in 0..LANES {
                let half = children[lane / 4];
                let own = |row: usize| half[row] as usize + 1 + 2 * (lane % 4);
                let any = [own(1), own(1) + 1, own(2), own(2) + 1].iter().any(|&at| self.live[at] > 0.0);
                live[block.place() + lane] = f32::from(u8::from(any));
            }
        }
        let mut stencils: Vec<Stencil> =
            layout.blocks.par_iter().with_min_len(8).map(|block| galerkin(fine, &self.stencils, block)).collect();
        for (stencil, block) in stencils.iter_mut().zip(&layout.blocks) {
            for lanes in stencil {
                for (value, &live) in lanes.iter_mut().zip(&live[block.place()..]) {
                    *value *= live;
                }
            }
        }
        mask(&layout, &mut stencils, &live);
        self.children = children;
        Self::new(layout, stencils, live)
    }
}

/// The step that Jacobi's method takes with each cell's residual.
fn jacobi(stencil: &Stencil) -> Lanes {
    let mut sums = [0.0_f32; LANES];
    for lanes in stencil {
        for (sum, value) in sums.iter_mut().zip(lanes) {
            *sum += value.abs();
        }
    }
    sums.map(|sum| if sum > f32::MIN_POSITIVE { DAMPING * 2.0 / sum } else { 0.0 })
}

fn children(fine: &Layout, coarse: &Block) -> [[u32; 4]; 2] {
    [0, 1].map(|half| {
        let row = i64::from(coarse.row) * 2 - 1;
        let places = [0, 1, 2, 3].map(|dy| fine.place(row + dy, coarse.column * 2 + half));
        // If the block is missing, some rows may be missing too; then the zeros at the start of the field are read.
        places.map(|place| if places.iter().all(Option::is_some) { place.map_or(0, |at| at as u32 + 1) } else { 0 })
    })
}

fn parents(coarse: &Layout, fine: &Block) -> [u32; 2] {
    let row = i64::from(fine.row / 2);
    let other = if fine.row.is_multiple_of(2) { row - 1 } else { row + 1 };
    let inside = 1 + (fine.column % 2) * (LANES as u32 / 2);
    [row, other].map(|row| coarse.place(row, fine.column / 2).map_or(0, |at| at as u32 + inside))
}

/// The stencils of one coarse block: `sum over i, j of P(i, I) A(i, j) P(j, J)`.
fn galerkin(fine: &Layout, stencils: &[Stencil], coarse: &Block) -> Stencil {
    let (row, column) = (i64::from(coarse.row) * 2 - 1, i64::from(coarse.column) * 2 - 1);
    let blocks: [[Option<&Stencil>; 4]; 4] = [0, 1, 2, 3]
        .map(|dy| [0, 1, 2, 3].map(|dx| fine.find(row + dy, column + dx).and_then(|found| stencils.get(found))));
    let cells: [[[f32; 5]; 5]; LANES] = std::array::from_fn(|lane| galerkin_of_cell(&blocks, lane));
    std::array::from_fn(|offset| cells.map(|cell| cell[offset / 5][offset % 5]))
}

/// The coefficients of one coarse cell. `blocks` are those of its four rows, from the one left of the coarse
/// block's own on.
fn galerkin_of_cell(blocks: &[[Option<&Stencil>; 4]; 4], lane: usize) -> [[f32; 5]; 5] {
    // The fine cells that the coarse one reaches through its own: 8 x 8, from (2X - 3, 2Y - 3) on.
    let mut reached = [[0.0_f32; 8]; 8];
    for (dy, (blocks, down)) in blocks.iter().zip(WEIGHTS).enumerate() {
        for (dx, across) in WEIGHTS.iter().enumerate() {
            let cell = LANES + 2 * lane + dx - 1;
            let Some(stencil) = blocks[cell / LANES] else { continue };
            let (weight, cell) = (down * across, cell % LANES);
            for (coefficients, reached) in stencil.chunks_exact(5).zip(&mut reached[dy..]) {
                for (lanes, reached) in coefficients.iter().zip(&mut reached[dx..]) {
                    *reached += weight * lanes[cell];
                }
            }
        }
    }
    let across = reached.map(|row| onto_coarse(&row));
    let columns: [[f32; 5]; 5] = std::array::from_fn(|column| onto_coarse(&across.map(|row| row[column])));
    std::array::from_fn(|row| columns.map(|column| column[row]))
}

/// Eight fine values in a row, from three left of a coarse cell's own, onto the five coarse cells that reach them.
fn onto_coarse(fine: &[f32; 8]) -> [f32; 5] {
    let mut coarse = [0.0; 5];
    for (offset, sum) in coarse.iter_mut().enumerate() {
        for (step, weight) in WEIGHTS.iter().enumerate() {
            if let Some(&value) = (2 * offset + step).checked_sub(2).and_then(|at| fine.get(at)) {
                *sum += weight * value;
            }
        }
    }
    coarse
}

/// One V-cycle: writes the approximate inverse of `levels[0]` times its `right` to its `solution`.
pub(super) fn cycle(levels: &mut [Level]) {
    let Some((level, below)) = levels.split_first_mut() else { return };
    let Level { layout, stencils, step, live, parents, children, fields } = level;
    let Fields { right, solution, residual } = fields;
    // Starting from zero, Jacobi's first step needs no product.
    layout.for_each_piece(solution, |piece, own| {
        for number in piece.blocks.clone() {
            let place = layout.blocks[number].place();
            let own = &mut own[place - piece.places.start..][..LANES];
            for ((value, step), right) in own.iter_mut().zip(&step[number]).zip(&right[place..]) {
                *value = step * right;
            }
        }
    });
    let Some(coarse) = below.first_mut() else {
        for _ in 1..STEPS_AT_THE_END {
            relax(layout, stencils, step, right, solution, residual);
        }
        return;
    };
    layout.for_each_piece(residual, |piece, own| {
        for number in piece.blocks.clone() {
            let block = &layout.blocks[number];
            let product = apply(&stencils[number], block, solution);
            let own = &mut own[block.place() - piece.places.start..][..LANES];
            for ((value, right), product) in own.iter_mut().zip(&right[block.place()..]).zip(product) {
                *value = right - product;
            }
        }
    });
    coarse.layout.for_each_piece(&mut coarse.fields.right, |piece, own| {
        for number in piece.blocks.clone() {
            let place = coarse.layout.blocks[number].place();
            let own = &mut own[place - piece.places.start..][..LANES];
            restrict(&children[number], residual, own);
            for (value, live) in own.iter_mut().zip(&coarse.live[place..]) {
                *value *= live;
            }
        }
    });
    cycle(below);
    let coarse = &below[0].fields.solution;
    layout.for_each_piece(solution, |piece, own| {
        for number in piece.blocks.clone() {
            let place = layout.blocks[number].place();
            let own = &mut own[place - piece.places.start..][..LANES];
            let from_below = prolong(parents[number], coarse);
            for ((value, live), below) in own.iter_mut().zip(&live[place..]).zip(from_below) {
                *value += live * below;
            }
        }
    });
    relax(layout, stencils, step, right, solution, residual);
}

/// One step of Jacobi's method. `other` is room for the new solution.
fn relax(
    layout: &Layout,
    stencils: &[Stencil],
    step: &[Lanes],
    right: &[f32],
    solution: &mut Vec<f32>,
    other: &mut Vec<f32>,
) {
    layout.for_each_piece(other, |piece, own| {
        for number in piece.blocks.clone() {
            let block = &layout.blocks[number];
            let place = block.place();
            let product = apply(&stencils[number], block, solution);
            let own = &mut own[place - piece.places.start..][..LANES];
            for lane in 0..LANES {
                own[lane] = solution[place + lane] + step[number][lane] * (right[place + lane] - product[lane]);
            }
        }
    });
    std::mem::swap(solution, other);
}

fn restrict(children: &[[u32; 4]; 2], fine: &[f32], coarse: &mut [f32]) {
    const CELLS: usize = LANES + 2;
    for (rows, coarse) in children.iter().zip(coarse.chunks_exact_mut(LANES / 2)) {
        let mut down = [0.0_f32; CELLS];
        for (&at, weight) in rows.iter().zip(WEIGHTS) {
            let Some(cells) = fine[at as usize..].first_chunk::<CELLS>() else { continue };
            for (sum, cell) in down.iter_mut().zip(cells) {
                *sum += weight * cell;
            }
        }
        for (lane, value) in coarse.iter_mut().enumerate() {
            let [a, b, c, d] = [0, 1, 2, 3].map(|step| down[2 * lane + step]);
            *value = 0.25 * (a + d) + 0.75 * (b + c);
        }
    }
}

fn prolong(parents: [u32; 2], coarse: &[f32]) -> Lanes {
    const CELLS: usize = LANES / 2 + REACH;
    let mut down = [0.0_f32; CELLS];
    for (at, weight) in parents.into_iter().zip([0.75, 0.25]) {
        let Some(cells) = coarse[at as usize..].first_chunk::<CELLS>() else { continue };
        for (sum, cell) in down.iter_mut().zip(cells) {
            *sum += weight * cell;
        }
    }
    let mut fine = [0.0; LANES];
    for (lane, value) in fine.iter_mut().enumerate() {
        let own = 1 + lane / 2;
        let other = if lane.is_multiple_of(2) { own - 1 } else { own + 1 };
        *value = 0.75 * down[own] + 0.25 * down[other];
    }
    fine
}
