//! How coarse a matte is: how many pixels of the photo one pixel of the model that made it covers.

use rayon::prelude::*;

use crate::photo::Matte;

/// Half the width of the unknown band, in pixels of the model: how far the model's edge may be off.
const REACH: f32 = 4.7;

/// How far the band reaches from the edge, in pixels, where one pixel of the model covers `spacing` pixels.
pub(crate) fn reach(spacing: f32) -> usize {
    (REACH * spacing).round().max(2.0) as usize
}

/// How wide the edge of `matte` is, in pixels: its soft pixels, shared among the places where it crosses one half.
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
    // An edge that runs at a slant crosses about 4 / pi as many times as it is long.
    soft as f32 / (crossings.max(1) as f32 * std::f32::consts::FRAC_PI_4)
}

/// How many pixels one pixel of the model that made `matte` may have covered, judged by its edge: a step of one pixel that
/// was scaled up is soft over one and a half. At most a 128th of the longer side: no model is coarser, and what is softer
/// is glass or hair.
pub(crate) fn of_mask(matte: &Matte) -> f32 {
    (thickness(matte) / 1.5).min(matte.width().max(matte.height()) as f32 / 128.0)
}

/// The same for a matte that fills the unknown part of a trimap: that part is as wide as the band of such a model.
pub(crate) fn of_trimap(matte: &Matte) -> f32 {
    thickness(matte) / (2.0 * REACH)
}
