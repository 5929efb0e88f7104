//! The unknown band: the pixels along the edge of a matte that the model could not see well enough.

use rayon::prelude::*;

use crate::Trimap;
use crate::matte::{Matte, SUBJECT};

/// Alpha from here on is sure subject, if everything around is.
const SURE_SUBJECT: f32 = 240.0 / 255.0;

/// Alpha up to here is sure background, if everything around is.
const SURE_BACKGROUND: f32 = 10.0 / 255.0;

/// Half the width of the band, in pixels of the model: so far off may its edge be.
const REACH: f32 = 4.7;

/// How far the band reaches from the edge, in pixels, where one pixel of the model covers `spacing` pixels.
pub(crate) fn reach(spacing: f32) -> usize {
    (REACH * spacing).round().max(2.0) as usize
}

/// How wide the edge of `matte` is, in pixels: its soft pixels, shared among the places where it crosses one half.
pub(crate) fn thickness(matte: &Matte) -> f32 {
    let width = matte.width() as usize;
    let alpha = matte.alpha();
    let soft = alpha.par_iter().filter(|&&alpha| (16..240).contains(&alpha)).count();
    let crossings: usize = alpha
        .par_chunks_exact(width)
        .enumerate()
        .map(|(y, row)| {
            let across = row.windows(2).filter(|pair| (pair[0] >= SUBJECT) != (pair[1] >= SUBJECT)).count();
            let below = alpha[(y + 1) * width..].iter().take(width);
            across + row.iter().zip(below).filter(|(a, b)| (**a >= SUBJECT) != (**b >= SUBJECT)).count()
        })
        .sum();
    // An edge that runs at a slant crosses about 4 / pi as many times as it is long.
    soft as f32 / (crossings.max(1) as f32 * std::f32::consts::FRAC_PI_4)
}

/// How many pixels one pixel of the model that made `matte` may have covered, judged by its edge: a step of one pixel that
/// was scaled up is soft over one and a half. At most a 128th of the longer side: no model is coarser, and what is softer
/// is glass or hair.
pub(crate) fn spacing_of_mask(matte: &Matte) -> f32 {
    (thickness(matte) / 1.5).min(matte.width().max(matte.height()) as f32 / 128.0)
}

/// The same for a matte that fills the unknown part of a trimap: that part is as wide as the band of such a model.
pub(crate) fn spacing_of_trimap(matte: &Matte) -> f32 {
    thickness(matte) / (2.0 * REACH)
}

/// The trimap of a matte without any reach: unknown is what is neither sure subject nor sure background.
pub(crate) fn soft(matte: &Matte) -> Vec<u8> {
    let sample = |&alpha: &u8| match kind(f32::from(alpha) / 255.0) {
        1 => Trimap::SUBJECT,
        2 => Trimap::BACKGROUND,
        _ => Trimap::UNKNOWN,
    };
    matte.alpha().par_iter().with_min_len(1 << 14).map(sample).collect()
}

/// A bit for sure subject, sure background and neither, so that the kinds in a window are found by OR.
fn kind(alpha: f32) -> u8 {
    match alpha {
        alpha if alpha >= SURE_SUBJECT => 1,
        alpha if alpha <= SURE_BACKGROUND => 2,
        _ => 4,
    }
}

/// The trimap of `alpha` (0 to 1, `width` columns): unknown is what lies within `reach` pixels, across or down, of an
/// alpha that is neither sure subject nor sure background, or of a place where one meets the other.
pub(crate) fn unknown(alpha: &[f32], width: usize, reach: usize) -> Vec<u8> {
    let kinds = alpha.par_iter().with_min_len(1 << 14).map(|&alpha| kind(alpha)).collect();
    let mut near = spread(kinds, width, reach);
    near.par_iter_mut().with_min_len(1 << 14).for_each(|kinds| {
        *kinds = match *kinds {
            1 => Trimap::SUBJECT,
            2 => Trimap::BACKGROUND,
            _ => Trimap::UNKNOWN,
        }
    });
    near
}

/// Each sample becomes the OR of all samples in the square window of `radius` around it.
pub(crate) fn spread(mut samples: Vec<u8>, width: usize, radius: usize) -> Vec<u8> {
    let mut before = samples.clone();
    let mut reached = 0;
    while reached < radius {
        // So far each sample stands for `reached` neighbours on either side; the pieces of this step touch. Beyond the
        // border the outermost sample is taken: its piece reaches as far as there is anything.
        let step = (radius - reached).min(2 * reached + 1);
        samples.par_chunks_exact_mut(width).zip(before.par_chunks_exact(width)).for_each(|(row, before)| {
            let reach = step.min(width);
            let (first, last) = (before[0], before[width - 1]);
            row[..reach].iter_mut().for_each(|sample| *sample |= first);
            row[reach..].iter_mut().zip(before).for_each(|(sample, &left)| *sample |= left);
            row[width - reach..].iter_mut().for_each(|sample| *sample |= last);
            row.iter_mut().zip(&before[reach..]).for_each(|(sample, &right)| *sample |= right);
        });
        before.copy_from_slice(&samples);
        let rows = before.len() / width;
        samples.par_chunks_exact_mut(width).enumerate().for_each(|(y, row)| {
            for other in [y.saturating_sub(step), (y + step).min(rows - 1)] {
                row.iter_mut().zip(&before[other * width..]).for_each(|(sample, &other)| *sample |= other);
            }
        });
        before.copy_from_slice(&samples);
        reached += step;
    }
    samples
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn spreading_is_the_or_of_the_window(
            (width, height) in (1_usize..24, 1_usize..24),
            radius in 0_usize..30,
            samples in prop::collection::vec(0_u8..8, 576),
        ) {
            let samples = &samples[..width * height];
            let spread = spread(samples.to_vec(), width, radius);
            for (index, &found) in spread.iter().enumerate() {
                let (x, y) = (index % width, index / width);
                let window = |at: usize, end: usize| at.saturating_sub(radius)..(at + radius + 1).min(end);
                let all = window(y, height).flat_map(|y| window(x, width).map(move |x| samples[y * width + x]));
                prop_assert_eq!(found, all.fold(0, |a, b| a | b));
            }
        }
    }

    #[test]
    fn the_band_lies_along_the_edge() {
        let row: Vec<f32> = (0..10).map(|x| if x < 5 { 0.0 } else { 1.0 }).collect();
        assert_eq!(unknown(&row, 10, 2), [0, 0, 0, 128, 128, 128, 128, 255, 255, 255]);
        assert_eq!(unknown(&[1.0, 0.5, 1.0, 1.0], 4, 1), [128, 128, 128, 255]);
        assert_eq!(unknown(&[0.0], 1, 100), [0]);
    }
}
