//! Estimates how coarse a matte is: how many pixels of the photo one pixel of its model covers.

use rayon::prelude::*;

use crate::photo::Matte;

/// Half the width of the unknown band, in pixels of the model: how far the model's edge may be off.
const REACH: f32 = 4.7;

/// How far the band reaches from the edge, in pixels, where one pixel of the model covers `spacing` pixels.
pub(crate) fn reach(spacing: f32) -> usize {
    (REACH * spacing).round().max(2.0) as usize
}

/// The width of the edge of `matte` in pixels: the number of soft pixels divided by the number of crossings of one
/// half.
fn thickness(matte: &Matte) -> f32 {
    let width = matte.width() as usize;
    let alpha = matte.alpha();
    let soft = alpha.par_iter().filter(|&&alpha| (16..240).contains(&alpha)).count();
    let crossings: usize = alpha
        .par_chunks_exact(width)
        .enumerate()
        .map(|(y, row)| {
            let across = row
                .windows(2)
                .filter(|pair| (pair[0] >= Matte::SUBJECT_FROM) != (pair[1] >= Matte::SUBJECT_FROM))
                .count();
            let below = alpha[(y + 1) * width..].iter().take(width);
            across
                + row
                    .iter()
                    .zip(below)
                    .filter(|(a, b)| (**a >= Matte::SUBJECT_FROM) != (**b >= Matte::SUBJECT_FROM))
                    .count()
        })
        .sum();
    // A slanted edge has on average 4 / pi crossings per pixel of length.
    soft as f32 / (crossings.max(1) as f32 * std::f32::consts::FRAC_PI_4)
}

/// Estimates from its edge how many pixels one pixel of the model of `matte` covered: a step of one pixel that was
/// scaled up is soft over one and a half. At most a 128th of the longer side: no model is coarser, and softer edges are
/// glass or hair.
pub(crate) fn of_mask(matte: &Matte) -> f32 {
    (thickness(matte) / 1.5).min(matte.width().max(matte.height()) as f32 / 128.0)
}

/// The same for a matte that fills the unknown part of a trimap, whose width is taken as that model's band.
pub(crate) fn of_trimap(matte: &Matte) -> f32 {
    thickness(matte) / (2.0 * REACH)
}
