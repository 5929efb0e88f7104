//! The halo check: how much of the old background is left in the rim of a cut-out.

use super::picture::{Picture, Rgb};
use super::smooth::{Smooth, distance};

/// Where subject and background look alike, old background in the rim would not be seen.
const CONTRAST: f32 = 0.1 * 0.1;

/// From 0, none, to 1, the rim is nothing but old background; 0 also if there is no rim or no contrast to see it by.
///
/// `picture` is the photo and `alpha` (0 to 1) the result's at working size; `seen` gives alpha and colour of the result at
/// a pixel. Along the rim, where `0.05 < alpha < 0.95`, a colour `C` lies `t = (C - F) . (B - F) / |B - F|^2` of the way from the subject's colour
/// `F` to the background's `B`, both taken from the sure pixels nearby; `t` is averaged with the weight `alpha |B - F|`,
/// because that is how much of it is seen. Texture of the subject moves single pixels either way and averages out.
pub(crate) fn halo(picture: &Picture, alpha: &[f32], seen: impl Fn(usize) -> (f32, Rgb)) -> f32 {
    let subject = Smooth::of(picture, |at| alpha[at] >= 0.98);
    let background = Smooth::of(picture, |at| alpha[at] <= 0.02);
    let (Some(subject), Some(background)) = (subject, background) else { return 0.0 };
    let (mut sum, mut weights) = (0.0_f64, 0.0_f64);
    for at in 0..alpha.len() {
        let (alpha, color) = seen(at);
        if !(0.05..0.95).contains(&alpha) {
            continue;
        }
        let (front, back) = (subject.at(at), background.at(at));
        let contrast = distance(front, back);
        if contrast < CONTRAST {
            continue;
        }
        let along: f32 =
            (0..3).map(|channel| (color[channel] - front[channel]) * (back[channel] - front[channel])).sum();
        let weight = f64::from(alpha * contrast.sqrt());
        sum += weight * f64::from(along / contrast);
        weights += weight;
    }
    if weights == 0.0 { 0.0 } else { (sum / weights).clamp(0.0, 1.0) as f32 }
}
