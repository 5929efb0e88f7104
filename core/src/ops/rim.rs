//! The halo check: measures how much of the old background is left in the rim of a cut-out.

use rayon::prelude::*;

use super::picture::{Picture, Rgb};
use super::smooth::{Smooth, distance};
use super::spread::spread;

/// Where subject and background differ by less than this, old background in the rim would be invisible.
const CONTRAST: f32 = 0.1 * 0.1;

/// Colours of subject and background are sampled from sure pixels this near to the rim: deeper ones may look different.
const NEAR: usize = 8;

/// Squared distance of a colour from every mixture of the two above which background spill does not explain it.
const MAX_DEVIATION: f32 = 0.1 * 0.1;

/// From 0 (none) to 1 (the rim is entirely old background); 0 also if there is no rim or too little contrast.
///
/// `picture` is the photo and `alpha` (0 to 1) the result's, both at working size; `seen` returns alpha and colour of
/// the result at a pixel. Along the rim, where `0.05 < alpha < 0.95`, a colour `C` lies `t = (C - F) . (B - F) / |B -
/// F|^2` of the way from the subject's colour `F` to the background's `B`, at a distance `d` from that line. `t` is
/// averaged with the weight `alpha |B - F| exp(-d^2 / 2 MAX_DEVIATION)`, which models the visibility of a halo. Texture
/// of the subject moves single pixels either way and averages out.
pub(crate) fn halo(picture: &Picture, alpha: &[f32], seen: impl Fn(usize) -> (f32, Rgb) + Sync) -> f32 {
    let rim = |alpha: f32| (0.05..0.95).contains(&alpha);
    let near = spread(alpha.iter().map(|&alpha| u8::from(rim(alpha))).collect(), picture.width, NEAR);
    let subject = Smooth::of(picture, |at| near[at] == 1 && alpha[at] >= 0.98);
    let background = Smooth::of(picture, |at| near[at] == 1 && alpha[at] <= 0.02);
    let (Some(subject), Some(background)) = (subject, background) else { return 0.0 };
    let of_pixel = |at: usize| {
        let (alpha, color) = seen(at);
        let (front, back) = (subject.at(at), background.at(at));
        let contrast = distance(front, back);
        if !rim(alpha) || contrast < CONTRAST {
            return (0.0, 0.0);
        }
        let along: f32 = (0..3).map(|c| (color[c] - front[c]) * (back[c] - front[c])).sum::<f32>() / contrast;
        let beside = (distance(color, front) - along * along * contrast).max(0.0);
        let weight = f64::from(alpha * contrast.sqrt() * (-beside / (2.0 * MAX_DEVIATION)).exp());
        (weight * f64::from(along), weight)
    };
    let add = |a: (f64, f64), b: (f64, f64)| (a.0 + b.0, a.1 + b.1);
    let of_row = |row: usize| {
        let row = row * picture.width..(row + 1) * picture.width;
        row.filter(|&at| near[at] == 1).map(of_pixel).fold((0.0, 0.0), add)
    };
    // Collected, so that the order of the sum does not depend on the threads.
    let rows: Vec<(f64, f64)> = (0..picture.height).into_par_iter().map(of_row).collect();
    let (sum, weights) = rows.into_iter().fold((0.0, 0.0), add);
    if weights > 0.0 { (sum / weights).clamp(0.0, 1.0) as f32 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vertical edge between red and green, eight pixels soft, in the colours of the photo or in pure ones.
    fn edge(pure: bool) -> f32 {
        let (red, green) = ([0.8, 0.1, 0.1], [0.1, 0.7, 0.2]);
        let share = |at: usize| ((at % 64) as f32 - 28.0).clamp(0.0, 8.0) / 8.0;
        let mixed = |at: usize| [0, 1, 2].map(|c| red[c] * share(at) + green[c] * (1.0 - share(at)));
        let picture = Picture { width: 64, height: 32, pixels: (0..64 * 32).map(mixed).collect() };
        let alpha: Vec<f32> = (0..64 * 32).map(share).collect();
        halo(&picture, &alpha, |at| (alpha[at], if pure { red } else { mixed(at) }))
    }

    #[test]
    fn old_background_is_told_from_a_clean_rim() {
        // The mean of 1 - alpha, weighted with alpha, over an even ramp is a third.
        assert!((edge(false) - 1.0 / 3.0).abs() < 0.05, "{}", edge(false));
        assert!(edge(true) < 0.01, "{}", edge(true));
    }

    #[test]
    fn without_a_rim_or_without_contrast_there_is_no_halo() {
        let flat = Picture { width: 8, height: 8, pixels: vec![[0.5; 3]; 64] };
        let ramp: Vec<f32> = (0..64).map(|at| (at % 8) as f32 / 7.0).collect();
        assert_eq!(halo(&flat, &[1.0; 64], |_| (1.0, [0.5; 3])), 0.0);
        assert_eq!(halo(&flat, &ramp, |at| (ramp[at], [0.5; 3])), 0.0);
    }
}
