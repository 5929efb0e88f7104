//! The colour guided filter: makes a matte follow the edges of its photo.
//!
//! He, Sun, Tang: Guided Image Filtering, IEEE TPAMI 35(6), 2013, doi:10.1109/TPAMI.2012.213, equations 14 to 16. In
//! each square window `w` alpha is taken to be a linear function of the colour, `alpha = a . I + b`, with
//! `a = (S + eps E)^-1 (mean(I alpha) - mean(I) mean(alpha))` and `b = mean(alpha) - a . mean(I)`, where `S` is the
//! covariance of the colours in `w`. The answer at a pixel uses the mean of `a` and `b` over all windows that hold it.
//!
//! This module returns that function instead of its value, because the function can be scaled up and applied to the
//! larger photo (He, Sun: Fast Guided Filter, arXiv:1505.00996).

use super::picture::{Picture, Rgb};
use super::tiles::Tiles;
use super::window;

/// Alpha as a linear function of the colour, for each pixel: `alpha = a . I + b`, as `[a_red, a_green, a_blue, b]`.
pub(crate) type Linear = [f32; 4];

/// The value of `linear` at a colour; may lie outside 0 to 1.
pub(crate) fn at(linear: Linear, color: Rgb) -> f32 {
    linear[0] * color[0] + linear[1] * color[1] + linear[2] * color[2] + linear[3]
}

/// The guided filter of `alpha` (0 to 1), guided by `picture`, at the pixels of `tiles`; elsewhere zeros.
///
/// `radius` is that of the windows; `epsilon` is the variance of colour below which a window counts as flat: at least
/// 1e-5, since sums in `f32` are not more exact than that.
pub(crate) fn guided_filter(
    picture: &Picture,
    alpha: &[f32],
    tiles: &Tiles,
    radius: usize,
    epsilon: f32,
) -> Vec<Linear> {
    let size = (picture.width, picture.height);
    tiles.compute(|region| {
        // The windows that contain a pixel of the region have their centres within one radius of it.
        let centers = region.grow(radius, size.0, size.1);
        let moments = window::means(size, &centers, radius, |x, y| {
            let at = y * size.0 + x;
            let ([r, g, b], alpha) = (picture.pixels[at], alpha[at]);
            [r, g, b, alpha, r * r, r * g, r * b, g * g, g * b, b * b, r * alpha, g * alpha, b * alpha]
        });
        let windows: Vec<Linear> = moments.iter().map(|moments| fit(moments, epsilon)).collect();
        let columns = centers.columns.len();
        let window = |x: usize, y: usize| windows[(y - centers.rows.start) * columns + x - centers.columns.start];
        window::means(size, region, radius, window)
    })
}

/// The linear function of one window, from the means of `[I, alpha, II (upper triangle), I alpha]`.
fn fit(moments: &[f32; 13], epsilon: f32) -> Linear {
    let [r, g, b, alpha, rr, rg, rb, gg, gb, bb, ra, ga, ba] = *moments;
    let (rr, gg, bb) = (rr - r * r + epsilon, gg - g * g + epsilon, bb - b * b + epsilon);
    let (rg, rb, gb) = (rg - r * g, rb - r * b, gb - g * b);
    let c = [ra - r * alpha, ga - g * alpha, ba - b * alpha];
    // The inverse of a symmetric matrix by its cofactors; epsilon keeps the determinant above zero.
    let (c00, c01, c02) = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg);
    let (c11, c12, c22) = (rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg);
    let determinant = (rr * c00 + rg * c01 + rb * c02).max(epsilon * epsilon * epsilon);
    let a = [
        (c00 * c[0] + c01 * c[1] + c02 * c[2]) / determinant,
        (c01 * c[0] + c11 * c[1] + c12 * c[2]) / determinant,
        (c02 * c[0] + c12 * c[1] + c22 * c[2]) / determinant,
    ];
    [a[0], a[1], a[2], alpha - a[0] * r - a[1] * g - a[2] * b]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::window::Region;
    use super::*;

    /// The paper's equations in `f64`, window by window; the 3 by 3 system is solved by elimination.
    fn plainly(picture: &Picture, alpha: &[f32], radius: usize, epsilon: f64) -> Vec<f64> {
        let (width, height) = (picture.width, picture.height);
        let window = |x: usize, y: usize| {
            let region = Region { columns: x..x + 1, rows: y..y + 1 }.grow(radius, width, height);
            region
                .rows
                .clone()
                .flat_map(move |y| region.columns.clone().map(move |x| y * width + x))
                .collect::<Vec<_>>()
        };
        let color = |at: usize| picture.pixels[at].map(f64::from);
        let functions: Vec<[f64; 4]> = (0..alpha.len())
            .map(|at| {
                let pixels = window(at % width, at / width);
                let count = pixels.len() as f64;
                let mean = |value: &dyn Fn(usize) -> f64| pixels.iter().map(|&at| value(at)).sum::<f64>() / count;
                let colors = [0, 1, 2].map(|c| mean(&|at| color(at)[c]));
                let level = mean(&|at| f64::from(alpha[at]));
                let mut rows = [0, 1, 2].map(|i| {
                    let mut row = [0.0; 4];
                    for (j, cell) in row[..3].iter_mut().enumerate() {
                        *cell = mean(&|at| (color(at)[i] - colors[i]) * (color(at)[j] - colors[j]));
                    }
                    row[i] += epsilon;
                    row[3] = mean(&|at| (color(at)[i] - colors[i]) * (f64::from(alpha[at]) - level));
                    row
                });
                for pivot in 0..3 {
                    let factor = rows[pivot][pivot];
                    rows[pivot] = rows[pivot].map(|cell| cell / factor);
                    for other in (0..3).filter(|&other| other != pivot) {
                        let factor = rows[other][pivot];
                        let line = rows[pivot];
                        rows[other].iter_mut().zip(line).for_each(|(cell, value)| *cell -= factor * value);
                    }
                }
                let a = [rows[0][3], rows[1][3], rows[2][3]];
                [a[0], a[1], a[2], level - (0..3).map(|c| a[c] * colors[c]).sum::<f64>()]
            })
            .collect();
        let answer = |at: usize| {
            let pixels = window(at % width, at / width);
            let values = pixels.iter().map(|&window| {
                let [r, g, b, rest] = functions[window];
                r * color(at)[0] + g * color(at)[1] + b * color(at)[2] + rest
            });
            values.sum::<f64>() / pixels.len() as f64
        };
        (0..alpha.len()).map(answer).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn agrees_with_the_equations(
            (width, height) in (1_usize..20, 1_usize..20),
            radius in 1_usize..6,
            samples in prop::collection::vec(0.0_f32..1.0, 4 * 400),
        ) {
            let pixels = samples.chunks_exact(4).take(width * height).map(|s| [s[0], s[1], s[2]]).collect();
            let picture = Picture { width, height, pixels };
            let alpha: Vec<f32> = samples.chunks_exact(4).take(width * height).map(|s| s[3]).collect();
            let tiles = Tiles::with(width, &vec![1; alpha.len()], radius);
            let fast = guided_filter(&picture, &alpha, &tiles, radius, 1e-3);
            for (index, expected) in plainly(&picture, &alpha, radius, 1e-3).into_iter().enumerate() {
                let found = f64::from(at(fast[index], picture.pixels[index]));
                prop_assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn alpha_that_follows_the_colours_comes_back() {
        let pixels: Vec<Rgb> =
            (0..200 * 90).map(|at| if at % 200 < 77 { [0.9, 0.4, 0.3] } else { [0.1, 0.5, 0.6] }).collect();
        let alpha: Vec<f32> = pixels.iter().map(|pixel| if pixel[0] > 0.5 { 1.0 } else { 0.0 }).collect();
        let picture = Picture { width: 200, height: 90, pixels };
        let tiles = Tiles::with(200, &vec![1; alpha.len()], 1);
        let fast = guided_filter(&picture, &alpha, &tiles, 9, 1e-4);
        for (index, &alpha) in alpha.iter().enumerate() {
            assert!((at(fast[index], picture.pixels[index]) - alpha).abs() < 0.01);
        }
    }

    #[test]
    fn only_the_wanted_tiles_are_worked_on() {
        let picture = Picture { width: 200, height: 200, pixels: vec![[0.5; 3]; 40_000] };
        let wanted: Vec<u8> = (0..40_000).map(|at| u8::from(at == 70 * 200 + 70)).collect();
        let values = guided_filter(&picture, &vec![1.0; 40_000], &Tiles::with(200, &wanted, 3), 3, 1e-4);
        assert_eq!((values[70 * 200 + 70][3], values[10]), (1.0, [0.0; 4]));
    }
}
