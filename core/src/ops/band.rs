//! The unknown band of a matte, with a width that adapts to the softness of the edge.
//!
//! A model is unsure at hair and glass, and sure along a shoe's sole. The band therefore extends beyond the soft pixels
//! by a multiple of their local thickness: wide enough for hair that the model missed, but not so wide that it includes
//! the shadow beside the sole.
//!
//! Distances are chamfer distances in thirds of a pixel (3 across and down, 4 at a slant; Borgefors 1986,
//! doi:10.1016/S0734-189X(86)80047-0), which differ from Euclid's by 6 % at most: two passes over the picture for the
//! depth of soft pixels, and two for extending it.

use rayon::prelude::*;

use super::diffuse::diffuse;
use super::spread::spread;
use crate::photo::{Matte, Trimap};

/// Alpha from this value on is sure subject, and up to `1 -` this sure background: between two 8-bit steps, so that
/// rounding does not matter.
const SURE: f32 = 249.5 / 255.0;
/// How far the band extends beyond the soft pixels, as a multiple of their depth. On mattes of 320 x 320 of a hairy
/// animal and of eleven products, 1.6 leaves less error than any fixed width: the same on hair, a fifth less on
/// products.
const REACH: f32 = 1.6;

const ACROSS: u16 = 3;
const SLANT: u16 = 4;
/// Larger than any depth in practice, and far from overflow.
const DEEPEST: u16 = 9_000;

/// The trimap of `alpha` (0 to 1, `width` columns). Unknown are soft pixels, and both sides where sure subject meets
/// sure background; and around each of those, pixels nearer than its depth (the distance to the nearest pixel that is
/// neither) plus 1.6 times that, but at most `most` pixels. Runs on one thread: about 11 ms a megapixel.
pub(crate) fn unknown(alpha: &[f32], width: usize, most: f32) -> Vec<u8> {
    let kinds: Vec<u8> = alpha.par_iter().with_min_len(1 << 14).map(|&alpha| kind(alpha)).collect();
    let around = spread(kinds.clone(), width, 1);
    let soft = |(&kind, &around): (&u8, &u8)| kind == 4 || around & 3 == 3;
    let soft = kinds.par_iter().zip(&around).with_min_len(1 << 14).map(soft);
    let mut field: Vec<u16> = soft.map(|soft| if soft { DEEPEST } else { 0 }).collect();
    sweep(&mut field, width, |depth, next, step| depth.min(next + step));
    let most = (most * f32::from(ACROSS)).clamp(0.0, f32::from(DEEPEST)) as u16;
    let far = |depth: u16| if depth == 0 { 0 } else { depth + ((f32::from(depth) * REACH) as u16).min(most) + 1 };
    field.par_iter_mut().with_min_len(1 << 14).for_each(|value| *value = far(*value));
    sweep(&mut field, width, |reach, next, step| reach.max(next.saturating_sub(step)));
    let sample = |(&reach, &kind): (&u16, &u8)| match (reach, kind) {
        (0, 1) => Trimap::SUBJECT,
        (0, 2) => Trimap::BACKGROUND,
        _ => Trimap::UNKNOWN,
    };
    field.par_iter().zip(&kinds).with_min_len(1 << 14).map(sample).collect()
}

/// The trimap of a matte without a band: unknown are pixels that are neither sure subject nor sure background.
pub(crate) fn soft(matte: &Matte) -> Vec<u8> {
    let sample = |&alpha: &u8| match kind(f32::from(alpha) / 255.0) {
        1 => Trimap::SUBJECT,
        2 => Trimap::BACKGROUND,
        _ => Trimap::UNKNOWN,
    };
    matte.alpha().par_iter().with_min_len(1 << 14).map(sample).collect()
}

/// A bit for sure subject, sure background and neither, so that OR combines the kinds in a window.
fn kind(alpha: f32) -> u8 {
    match alpha {
        alpha if alpha >= SURE => 1,
        alpha if alpha <= 1.0 - SURE => 2,
        _ => 4,
    }
}

/// Combines each value with its neighbours' and their distance: down and to the right, then up and to the left.
fn sweep(field: &mut [u16], width: usize, combine: impl Fn(u16, u16, u16) -> u16) {
    let mut above: Option<&mut [u16]> = None;
    for row in field.chunks_exact_mut(width) {
        from_row(row, above.as_deref(), &combine);
        for x in 1..width {
            row[x] = combine(row[x], row[x - 1], ACROSS);
        }
        above = Some(row);
    }
    let mut below: Option<&mut [u16]> = None;
    for row in field.chunks_exact_mut(width).rev() {
        from_row(row, below.as_deref(), &combine);
        for x in (1..width).rev() {
            row[x - 1] = combine(row[x - 1], row[x], ACROSS);
        }
        below = Some(row);
    }
}

fn from_row(row: &mut [u16], other: Option<&[u16]>, combine: &impl Fn(u16, u16, u16) -> u16) {
    let Some(other) = other else { return };
    for (value, &next) in row.iter_mut().zip(other) {
        *value = combine(*value, next, ACROSS);
    }
    for (value, &next) in row.iter_mut().skip(1).zip(other) {
        *value = combine(*value, next, SLANT);
    }
    for (value, &next) in row.iter_mut().zip(&other[1..]) {
        *value = combine(*value, next, SLANT);
    }
}

/// The initial matte: sure pixels as in the trimap, unknown ones as in `mask`, or else interpolated between sure ones.
pub(crate) fn start(trimap: &Trimap, mask: Option<&Matte>) -> Matte {
    let samples = trimap.samples();
    let known = |at: usize| samples[at] != Trimap::UNKNOWN;
    let alpha = match mask {
        Some(mask) => {
            let pairs = samples.iter().zip(mask.alpha());
            pairs.map(|(&sample, &alpha)| if sample == Trimap::UNKNOWN { alpha } else { sample }).collect()
        }
        None => {
            let values = samples.iter().map(|&sample| [f32::from(sample)]).collect();
            let filled = diffuse(trimap.width() as usize, values, known, [f32::from(Trimap::UNKNOWN)]);
            filled.iter().map(|alpha| alpha[0].round() as u8).collect()
        }
    };
    Matte::of_photo(trimap.width(), trimap.height(), alpha)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sharp_edge_has_a_narrow_band_and_a_soft_one_a_wide_one() {
        let unknown_in_middle = |alpha: &[f32], width: usize| {
            let trimap = unknown(alpha, width, 100.0);
            trimap[width * 20..][..width].iter().filter(|&&sample| sample == Trimap::UNKNOWN).count()
        };
        let ramp = |length: f32| -> Vec<f32> {
            (0..100 * 40).map(|at| (((at % 100) as f32 - 49.5) / length + 0.5).clamp(0.0, 1.0)).collect()
        };
        // Two pixels at the step, and two more on either side.
        assert_eq!(unknown_in_middle(&ramp(0.5), 100), 6);
        // Twenty soft ones, the innermost ten deep: sixteen beyond the first sure one on either side.
        assert_eq!(unknown_in_middle(&ramp(20.0), 100), 20 + 2 * 17);
    }

    #[test]
    fn it_reaches_no_farther_than_it_may() {
        let alpha: Vec<f32> = (0..100).map(|x| if (30..70).contains(&x) { 0.5 } else { 0.0 }).collect();
        let trimap = unknown(&alpha, 100, 4.0);
        assert_eq!(trimap.iter().filter(|&&sample| sample == Trimap::UNKNOWN).count(), 40 + 2 * 5);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// The union of discs, but for what chamfer distances may be off.
        #[test]
        fn it_is_the_union_of_discs(
            (width, height) in (1_usize..40, 1_usize..40),
            (x0, y0, radius) in (0.0_f32..40.0, 0.0_f32..40.0, 1.0_f32..12.0),
            softness in 0.1_f32..9.0,
        ) {
            let at = |index: usize| ((index % width) as f32, (index / width) as f32);
            let alpha: Vec<f32> = (0..width * height)
                .map(|index| ((radius - (at(index).0 - x0).hypot(at(index).1 - y0)) / softness + 0.5).clamp(0.0, 1.0))
                .collect();
            let found = unknown(&alpha, width, 6.0);
            let near = |index: usize, other: usize| {
                at(index).0 - at(other).0 <= 1.0 && at(other).0 - at(index).0 <= 1.0
                    && (at(index).1 - at(other).1).abs() <= 1.0
            };
            let distance = |a: usize, b: usize| (at(a).0 - at(b).0).hypot(at(a).1 - at(b).1);
            let all = 0..width * height;
            let soft: Vec<bool> = all.clone().map(|index| {
                let one = |sure: fn(f32) -> bool| all.clone().any(|other| near(index, other) && sure(alpha[other]));
                (alpha[index] > 1.0 - SURE && alpha[index] < SURE)
                    || (one(|alpha| alpha >= SURE) && one(|alpha| alpha <= 1.0 - SURE))
            }).collect();
            let reach: Vec<f32> = all.clone().map(|index| {
                if !soft[index] {
                    return -1.0;
                }
                let depth = all.clone().filter(|&other| !soft[other]).map(|other| distance(index, other));
                let depth = depth.fold(f32::INFINITY, f32::min);
                depth + (REACH * depth).min(6.0)
            }).collect();
            for index in all.clone() {
                let slack = all.clone().map(|other| reach[other] - distance(index, other)).fold(f32::MIN, f32::max);
                let allowed = 1.0 + 0.15 * reach.iter().copied().filter(|reach| reach.is_finite()).fold(0.0, f32::max);
                if slack > allowed {
                    prop_assert_eq!(found[index], Trimap::UNKNOWN);
                } else if slack < -allowed {
                    prop_assert_ne!(found[index], Trimap::UNKNOWN);
                }
                if soft[index] {
                    prop_assert_eq!(found[index], Trimap::UNKNOWN);
                }
            }
        }
    }
}
