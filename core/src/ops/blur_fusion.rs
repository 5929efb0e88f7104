//! Blur-Fusion: the colours of subject and background along the edge, quickly.
//!
//! Forte: Approximate Fast Foreground Colour Estimation, IEEE ICIP 2021, doi:10.1109/ICIP42928.2021.9506164. With `mean` a
//! box blur, `F' = mean(F alpha) / mean(alpha)` and `B' = mean(B (1 - alpha)) / mean(1 - alpha)`; then
//! `F = F' + alpha (I - alpha F' - (1 - alpha) B')`. Twice: first with wide windows and `F = B = I`, then with narrow
//! ones on what the first came to.

use rayon::prelude::*;

use super::colors::{Colors, settled};
use super::picture::{Picture, Rgb};
use super::sample::{Grid, Place};
use super::tiles::Tiles;
use super::window::{self, Region};

/// Radius of the wide windows: this part of the picture's diagonal.
const WIDE: f32 = 1.0 / 9.0;

/// Radius of the narrow windows: this part of the diagonal.
const NARROW: f32 = 1.0 / 135.0;

/// The wide windows look at a picture this many times smaller: they blur away more than that.
const SHRINK: usize = 4;

/// Where a side's share of a window falls to this, its colour cannot be told any more and becomes the photo's own.
const TRACE: f32 = 1e-4;

/// `F alpha`, `alpha`, `B (1 - alpha)`, `1 - alpha`: what is blurred.
type Shares = [f32; 8];

/// Foreground and background of `picture` at the pixels of `tiles`; elsewhere black. `alpha` is 0 to 1.
pub(crate) fn blur_fusion(picture: &Picture, alpha: &[f32], tiles: &Tiles) -> Colors {
    let size = (picture.width, picture.height);
    let diagonal = (size.0 as f32).hypot(size.1 as f32);
    let radius = |part: f32| ((part * diagonal).round() as usize).max(1);
    let wide = wide_means(picture, alpha, (radius(WIDE) / SHRINK).max(1));
    let narrow = radius(NARROW);
    let pairs = tiles.compute(|region| {
        let near = region.grow(narrow, size.0, size.1);
        let mut first = Vec::with_capacity(near.area());
        for y in near.rows.clone() {
            let row = Place::of(y, size.1, wide.height);
            for x in near.columns.clone() {
                let at = y * size.0 + x;
                let means = wide.between(Place::of(x, size.0, wide.width), row);
                let (foreground, background) = colors(&means, picture.pixels[at]);
                first.push(shares(
                    settled(picture.pixels[at], alpha[at], foreground, background),
                    background,
                    alpha[at],
                ));
            }
        }
        let stride = near.columns.len();
        let means =
            window::means(size, region, narrow, |x, y| first[(y - near.rows.start) * stride + x - near.columns.start]);
        let rows = region.rows.clone().zip(means.chunks_exact(region.columns.len()));
        rows.flat_map(|(y, means)| means.iter().zip(&picture.pixels[y * size.0..][region.columns.clone()]))
            .map(|(means, &photo)| colors(means, photo))
            .collect()
    });
    Colors {
        foreground: pairs.iter().map(|pair| pair.0).collect(),
        background: pairs.iter().map(|pair| pair.1).collect(),
    }
}

fn shares(foreground: Rgb, background: Rgb, alpha: f32) -> Shares {
    let ([f0, f1, f2], [b0, b1, b2], rest) = (foreground, background, 1.0 - alpha);
    [f0 * alpha, f1 * alpha, f2 * alpha, alpha, b0 * rest, b1 * rest, b2 * rest, rest]
}

/// Foreground and background from blurred shares; `photo` where there is next to nothing of one of them.
fn colors(means: &Shares, photo: Rgb) -> (Rgb, Rgb) {
    let [f0, f1, f2, alpha, b0, b1, b2, rest] = *means;
    let divide = |sums: Rgb, share: f32| [0, 1, 2].map(|c| (sums[c] + TRACE * photo[c]) / (share.max(0.0) + TRACE));
    (divide([f0, f1, f2], alpha), divide([b0, b1, b2], rest))
}

/// The shares of `picture`, averaged over blocks of `SHRINK` by `SHRINK` and then over windows of `radius` blocks.
fn wide_means(picture: &Picture, alpha: &[f32], radius: usize) -> Grid<8> {
    let (width, height) = (picture.width.div_ceil(SHRINK), picture.height.div_ceil(SHRINK));
    let mut blocks: Vec<Shares> = vec![[0.0; 8]; width * height];
    let strip = picture.width * SHRINK;
    let strips = picture.pixels.par_chunks(strip).zip(alpha.par_chunks(strip));
    blocks.par_chunks_exact_mut(width).zip(strips).for_each(|(blocks, (pixels, alpha))| {
        for (index, (&photo, &alpha)) in pixels.iter().zip(alpha).enumerate() {
            let sums = &mut blocks[index % picture.width / SHRINK];
            sums.iter_mut().zip(shares(photo, photo, alpha)).for_each(|(sum, share)| *sum += share);
        }
    });
    // Blocks at the right and at the bottom may hold fewer pixels: sums weigh them as they should be.
    let all = Region { columns: 0..width, rows: 0..height };
    let values = window::means((width, height), &all, radius, |x, y| blocks[y * width + x].map(|sum| sum / 16.0));
    Grid { width, height, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper's formulas in `f64`, with the windows added up one by one, at full size.
    fn plainly(picture: &Picture, alpha: &[f32], radii: [usize; 2]) -> Vec<[f64; 3]> {
        let (width, height) = (picture.width, picture.height);
        let mut foreground: Vec<[f64; 3]> = picture.pixels.iter().map(|pixel| pixel.map(f64::from)).collect();
        let mut background = foreground.clone();
        for (pass, radius) in radii.into_iter().enumerate() {
            let means: Vec<([f64; 3], [f64; 3])> = (0..alpha.len())
                .map(|at| {
                    let (x, y) = (at % width, at / width);
                    let window = Region { columns: x..x + 1, rows: y..y + 1 }.grow(radius, width, height);
                    let (mut front, mut back, mut shares) = ([0.0; 3], [0.0; 3], [0.0; 2]);
                    for near in window.rows.clone().flat_map(|y| window.columns.clone().map(move |x| y * width + x)) {
                        let share = f64::from(alpha[near]);
                        (0..3).for_each(|c| front[c] += foreground[near][c] * share);
                        (0..3).for_each(|c| back[c] += background[near][c] * (1.0 - share));
                        shares = [shares[0] + share, shares[1] + 1.0 - share];
                    }
                    (front.map(|sum| sum / shares[0].max(1e-9)), back.map(|sum| sum / shares[1].max(1e-9)))
                })
                .collect();
            for (at, (front, back)) in means.into_iter().enumerate() {
                let share = f64::from(alpha[at]);
                // What stands at the end is the mean; `settled` is applied by whoever uses it.
                foreground[at] = if pass == 1 {
                    front
                } else {
                    [0, 1, 2].map(|c| {
                        let explained = share * front[c] + (1.0 - share) * back[c];
                        (front[c] + share * (f64::from(picture.pixels[at][c]) - explained)).clamp(0.0, 1.0)
                    })
                };
                background[at] = back;
            }
        }
        foreground
    }

    #[test]
    fn agrees_with_the_formulas() {
        let (width, height) = (160, 120);
        let alpha: Vec<f32> =
            (0..width * height).map(|at| ((at % width) as f32 / 60.0 - 0.8).clamp(0.0, 1.0)).collect();
        let pixels = alpha.iter().enumerate().map(|(at, &share)| {
            let wave = (at / width) as f32 / height as f32;
            let (front, back) = ([0.9, 0.2 + 0.3 * wave, 0.1], [0.1, 0.8, 0.3 + 0.4 * wave]);
            [0, 1, 2].map(|c| front[c] * share + back[c] * (1.0 - share))
        });
        let picture = Picture { width, height, pixels: pixels.collect() };
        let soft: Vec<bool> = alpha.iter().map(|&share| share > 0.0 && share < 1.0).collect();
        let fast = blur_fusion(&picture, &alpha, &Tiles::with(width, &soft));
        // Radii as the constants give them for a diagonal of 200.
        let plain = plainly(&picture, &alpha, [22, 1]);
        let soft = (0..alpha.len()).filter(|&at| alpha[at] > 0.05 && alpha[at] < 0.95);
        let far = soft
            .flat_map(|at| (0..3).map(move |c| (at, c)))
            .map(|(at, c)| (f64::from(fast.foreground[at][c]) - plain[at][c]).abs());
        let far = far.fold(0.0, f64::max);
        // The wide windows are made of blocks of four, so their borders are off by up to two pixels.
        assert!(far < 0.02, "{far}");
    }

    #[test]
    fn a_side_that_is_not_there_has_the_photos_colour() {
        let picture = Picture { width: 9, height: 9, pixels: vec![[0.3, 0.6, 0.9]; 81] };
        for alpha in [0.0, 1.0] {
            let colors = blur_fusion(&picture, &[alpha; 81], &Tiles::with(9, &[true; 81]));
            for color in colors.foreground.iter().chain(&colors.background) {
                assert!(color.iter().zip([0.3, 0.6, 0.9]).all(|(a, b)| (a - b).abs() < 1e-4), "{color:?}");
            }
        }
    }
}
