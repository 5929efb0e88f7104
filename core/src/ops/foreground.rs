//! Fast multi-level foreground estimation: the colours of subject and background in pixels that show both.
//!
//! A photo's colour is `I = a F + (1 - a) B`. Of all `F` and `B` with that sum, the method chooses those that vary
//! least where alpha does not vary: they minimise, for each channel, `sum_i (a_i F_i + (1 - a_i) B_i - I_i)^2 + sum_ij
//! (r + |a_i - a_j|) ((F_i - F_j)^2 + (B_i - B_j)^2)` over pixels and pairs of neighbours. Beginning with one pixel,
//! the picture grows by about two in each level; in each the last level's colours are improved by a few steps of
//! Jacobi's method, with a system of 2 x 2 for each pixel. Germer, Uelwer, Conrad & Harmeling 2020, "Fast multi-level
//! foreground estimation", arXiv:2006.14970.
//!
//! Where alpha is 1 the photo's colour is the subject's, where it is 0 it is the background's: large levels only
//! process pixels near mixed ones.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::error::Result;
use crate::ops::colors::{Mixed, mixed};
use crate::ops::picture::{Picture, Rgb};
use crate::run::CancelToken;

/// The paper's `r`: how strongly variation of colours is penalised where alpha is flat.
const REGULARISATION: f32 = 1e-5;
/// Levels with no side longer than this are processed completely, and with more steps.
const SMALL: usize = 32;
const STEPS_OF_SMALL: usize = 10;
/// One more than in the paper, which updates values in place and therefore converges faster per step.
const STEPS_OF_LARGE: usize = 3;
/// Pixels around those with a partial alpha that are processed, too.
const MARGIN: usize = 3;

/// Estimates the colours that `picture` is mixed from, by `alpha`, 0 to 1, of its size. The result does not depend on
/// the number of threads.
///
/// # Errors
/// [`Code::Cancelled`](crate::Code::Cancelled).
pub(crate) fn multi_level(picture: &Picture, alpha: &[f32], cancel: &CancelToken) -> Result<Vec<Mixed>> {
    debug_assert_eq!(picture.pixels.len(), alpha.len());
    let mut result = Ok(Vec::new());
    // One scope around everything, so that this thread does not wait for the pool at every step.
    rayon::scope(|_| result = grow(picture, alpha, cancel));
    result
}

fn grow(picture: &Picture, alpha: &[f32], cancel: &CancelToken) -> Result<Vec<Mixed>> {
    cancel.check()?;
    let full = (picture.width, picture.height);
    let count = picture.width.max(picture.height).next_power_of_two().ilog2();
    let mut size = (1, 1);
    let mut colors = vec![means(picture, alpha)];
    for number in 0..=count {
        cancel.check()?;
        let next = if number == count { full } else { size_of_level(full, number, count) };
        let level = Level::new(picture, alpha, next);
        colors = level.enlarged(&colors, size);
        size = next;
        let small = size.0.max(size.1) <= SMALL;
        let runs = if small { level.everywhere() } else { level.around_edges() };
        for _ in 0..if small { STEPS_OF_SMALL } else { STEPS_OF_LARGE } {
            cancel.check()?;
            level.step(&runs, &mut colors);
        }
    }
    Ok(colors)
}

/// Sides to the power of `number / count`, so that each level is larger by the same factor.
fn size_of_level((width, height): (usize, usize), number: u32, count: u32) -> (usize, usize) {
    let power = |side: usize| (side as f64).powf(f64::from(number) / f64::from(count)).round().max(1.0) as usize;
    (power(width), power(height))
}

/// The mean colours of subject and background: a picture of one pixel.
fn means(picture: &Picture, alpha: &[f32]) -> Mixed {
    const PIECE: usize = 1 << 14;
    let of_piece = |(pixels, alpha): (&[Rgb], &[f32])| {
        let mut sums = [[0.0_f64; 4]; 2];
        for (pixel, &alpha) in pixels.iter().zip(alpha) {
            for (sum, weight) in sums.iter_mut().zip([f64::from(alpha), f64::from(1.0 - alpha)]) {
                for channel in 0..3 {
                    sum[channel] += weight * f64::from(pixel[channel]);
                }
                sum[3] += weight;
            }
        }
        sums
    };
    // Collected, so that the order of the sum does not depend on the threads.
    let pieces: Vec<_> = picture.pixels.par_chunks(PIECE).zip(alpha.par_chunks(PIECE)).map(of_piece).collect();
    let [foreground, background] = [0, 1].map(|which| {
        let sum = |channel: usize| pieces.iter().map(|piece| piece[which][channel]).sum::<f64>();
        let weight = sum(3);
        [0, 1, 2].map(|channel| if weight > 0.0 { (sum(channel) / weight) as f32 } else { 0.5 })
    });
    mixed(foreground, background)
}

/// The picture and its alpha at one size, by nearest pixels as in the paper.
struct Level<'a> {
    width: usize,
    height: usize,
    pixels: Cow<'a, [Rgb]>,
    alpha: Cow<'a, [f32]>,
}

/// Consecutive pixels to process.
struct Run {
    row: usize,
    columns: Range<usize>,
}

/// For each of `to` pixels, the nearest of `from`.
fn nearest(from: usize, to: usize) -> Vec<usize> {
    (0..to).map(|at| (2 * at + 1) * from / (2 * to)).collect()
}

impl<'a> Level<'a> {
    fn new(picture: &'a Picture, alpha: &'a [f32], (width, height): (usize, usize)) -> Self {
        if (width, height) == (picture.width, picture.height) {
            return Self { width, height, pixels: Cow::from(&picture.pixels), alpha: Cow::from(alpha) };
        }
        let (columns, rows) = (nearest(picture.width, width), nearest(picture.height, height));
        let rows = rows.into_par_iter().with_min_len(16).map(|row| row * picture.width);
        let pixels: Vec<Rgb> =
            rows.clone().flat_map_iter(|row| columns.iter().map(move |column| picture.pixels[row + column])).collect();
        let alpha: Vec<f32> = rows.flat_map_iter(|row| columns.iter().map(move |column| alpha[row + column])).collect();
        Self { width, height, pixels: Cow::from(pixels), alpha: Cow::from(alpha) }
    }

    fn row<'b, T>(&self, of: &'b [T], row: usize) -> &'b [T] {
        &of[row * self.width..][..self.width]
    }

    /// The last level's colours scaled to this level's size, and the photo's where alpha is sure.
    fn enlarged(&self, colors: &[Mixed], from: (usize, usize)) -> Vec<Mixed> {
        let (columns, rows) = (nearest(from.0, self.width), nearest(from.1, self.height));
        let mut large = vec![[0.0; 8]; self.width * self.height];
        large.par_chunks_mut(self.width).enumerate().with_min_len(16).for_each(|(y, row)| {
            let before = &colors[rows[y] * from.0..][..from.0];
            let own = self.row(&self.alpha, y).iter().zip(self.row(&self.pixels, y));
            for ((color, (&alpha, pixel)), &column) in row.iter_mut().zip(own).zip(&columns) {
                *color = before[column];
                if alpha == 1.0 {
                    color[..3].copy_from_slice(pixel);
                } else if alpha == 0.0 {
                    color[4..7].copy_from_slice(pixel);
                }
            }
        });
        large
    }

    fn everywhere(&self) -> Vec<Run> {
        (0..self.height).map(|row| Run { row, columns: 0..self.width }).collect()
    }

    /// The pixels at most [`MARGIN`] from one whose alpha is partial, or from a step of alpha.
    fn around_edges(&self) -> Vec<Run> {
        let edges: Vec<Vec<Range<usize>>> =
            (0..self.height).into_par_iter().with_min_len(16).map(|row| self.edges(row)).collect();
        let near = |row: usize| -> Vec<Run> {
            let rows = &edges[row.saturating_sub(MARGIN)..(row + MARGIN + 1).min(self.height)];
            let mut ranges: Vec<Range<usize>> = rows.iter().flatten().cloned().collect();
            ranges.sort_unstable_by_key(|range| range.start);
            let mut runs: Vec<Run> = Vec::new();
            for range in ranges {
                match runs.last_mut() {
                    Some(last) if range.start <= last.columns.end => {
                        last.columns.end = last.columns.end.max(range.end);
                    }
                    _ => runs.push(Run { row, columns: range }),
                }
            }
            runs
        };
        (0..self.height).into_par_iter().with_min_len(16).flat_map_iter(near).collect()
    }

    /// The columns of `row` at most [`MARGIN`] from an edge in it.
    fn edges(&self, row: usize) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let own = self.row(&self.alpha, row);
        let below = self.row(&self.alpha, (row + 1).min(self.height - 1));
        let mut before = own[0];
        for (x, (&alpha, &below)) in own.iter().zip(below).enumerate() {
            if (alpha > 0.0 && alpha < 1.0) || alpha != before || alpha != below {
                let near = x.saturating_sub(MARGIN)..(x + MARGIN + 1).min(self.width);
                match ranges.last_mut() {
                    Some(last) if near.start <= last.end => last.end = near.end,
                    _ => ranges.push(near),
                }
            }
            before = alpha;
        }
        ranges
    }

    /// One step of Jacobi's method at the pixels of `runs`.
    fn step(&self, runs: &[Run], colors: &mut [Mixed]) {
        let improved: Vec<Vec<Mixed>> = runs.par_iter().with_min_len(4).map(|run| self.improved(run, colors)).collect();
        for (run, improved) in runs.iter().zip(improved) {
            colors[run.row * self.width..][run.columns.clone()].copy_from_slice(&improved);
        }
    }

    /// The colours of a run's pixels that best fit their own colour and their neighbours' `F` and `B`. At the picture's
    /// border a pixel is its own neighbour, which gives the same solution with slower convergence.
    fn improved(&self, run: &Run, colors: &[Mixed]) -> Vec<Mixed> {
        let (above, below) = (run.row.saturating_sub(1), (run.row + 1).min(self.height - 1));
        let lines = [above, run.row, below]
            .map(|row| Line { alpha: self.row(&self.alpha, row), colors: self.row(colors, row) });
        let pixels = self.row(&self.pixels, run.row);
        let best = |x: usize| {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(self.width - 1));
            let neighbours = [(&lines[0], x), (&lines[1], left), (&lines[1], right), (&lines[2], x)];
            best(pixels[x], lines[1].alpha[x], neighbours)
        };
        run.columns.clone().map(best).collect()
    }
}

/// One row of a level.
struct Line<'a> {
    alpha: &'a [f32],
    colors: &'a [Mixed],
}

/// `F` and `B` of a pixel, given those of its neighbours.
fn best(pixel: Rgb, alpha: f32, neighbours: [(&Line<'_>, usize); 4]) -> Mixed {
    let (mut sums, mut weights) = ([0.0_f32; 8], 0.0_f32);
    for (line, x) in neighbours {
        let weight = REGULARISATION + (alpha - line.alpha[x]).abs();
        sums.iter_mut().zip(&line.colors[x]).for_each(|(sum, color)| *sum += weight * color);
        weights += weight;
    }
    // With W = sum of weights: F = (mean of F) + a t, B = (mean of B) + (1 - a) t solves the system of 2 x 2, where t
    // makes up for what the means leave: t = (I - a F - (1 - a) B) / (W + a^2 + (1 - a)^2).
    let (share, other) = (1.0 / weights, 1.0 - alpha);
    let scale = 1.0 / (weights + alpha * alpha + other * other);
    let [r, g, b] = pixel;
    let mut colors = sums.map(|sum| sum * share);
    let (foreground, background) = colors.split_at_mut(4);
    for ((f, b), pixel) in foreground.iter_mut().zip(background).zip([r, g, b, 0.0]) {
        let rest = (pixel - alpha * *f - other * *b) * scale;
        *f = (*f + alpha * rest).clamp(0.0, 1.0);
        *b = (*b + other * rest).clamp(0.0, 1.0);
    }
    if alpha == 1.0 {
        colors[..3].copy_from_slice(&pixel);
    } else if alpha == 0.0 {
        colors[4..7].copy_from_slice(&pixel);
    }
    colors
}
