//! Closed-form matting against a plain dense solution in `f64`, and at its limits.

use proptest::prelude::*;

use super::*;
use crate::error::Code;
use crate::photo::Photo;

/// A picture of smooth colours with some texture: foreground and background differ along a slanted, soft edge.
fn scene(width: usize, height: usize) -> (Picture, Vec<f32>) {
    let truth = |x: usize, y: usize| ((x as f32 - 0.45 * width as f32 + 0.3 * y as f32) / 5.0 + 0.5).clamp(0.0, 1.0);
    let mut pixels = Vec::new();
    let mut alpha = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let a = truth(x, y);
            let texture = ((x * 7 + y * 13) % 5) as f32 / 50.0;
            let foreground = [0.8 + texture, 0.3 + y as f32 / 200.0, 0.2];
            let background = [0.1, 0.5 - texture, 0.6 + x as f32 / 300.0];
            pixels.push([0, 1, 2].map(|c| a * foreground[c] + (1.0 - a) * background[c]));
            alpha.push(a);
        }
    }
    (Picture { width, height, pixels }, alpha)
}

/// Unknown where alpha is between, and `radius` pixels around.
fn band(width: usize, alpha: &[f32], radius: usize) -> Vec<u8> {
    let near = |at: usize| {
        let (x, y) = (at % width, at / width);
        alpha.iter().enumerate().any(|(other, &a)| {
            a > 0.0 && a < 1.0 && (other % width).abs_diff(x) <= radius && (other / width).abs_diff(y) <= radius
        })
    };
    let sure = |a: f32| if a > 0.5 { Trimap::SUBJECT } else { Trimap::BACKGROUND };
    alpha.iter().enumerate().map(|(at, &a)| if near(at) { Trimap::UNKNOWN } else { sure(a) }).collect()
}

/// The matting Laplacian as in the paper: an inverse of the covariance for each window, summed into a dense matrix.
fn dense_laplacian(picture: &Picture) -> Vec<Vec<f64>> {
    let Picture { width, height, pixels } = picture;
    let mut matrix = vec![vec![0.0; pixels.len()]; pixels.len()];
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let window: Vec<usize> = (0..9).map(|i| (y + i / 3 - 1) * width + x + i % 3 - 1).collect();
            let colour = |at: usize| pixels[at].map(f64::from);
            let mean = [0, 1, 2].map(|c| window.iter().map(|&at| colour(at)[c]).sum::<f64>() / 9.0);
            let off = |at: usize| [0, 1, 2].map(|c| colour(at)[c] - mean[c]);
            let mut s = [[0.0; 3]; 3];
            for (row, s) in s.iter_mut().enumerate() {
                for (column, s) in s.iter_mut().enumerate() {
                    *s = window.iter().map(|&at| off(at)[row] * off(at)[column]).sum::<f64>() / 9.0;
                }
                s[row] += windows::EPSILON / 9.0;
            }
            let cofactor = |r: usize, c: usize| {
                let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
                s[r1][c1] * s[r2][c2] - s[r1][c2] * s[r2][c1]
            };
            let determinant: f64 = (0..3).map(|c| s[0][c] * cofactor(0, c)).sum();
            for &i in &window {
                for &j in &window {
                    let mut form = 0.0;
                    for r in 0..3 {
                        for c in 0..3 {
                            form += off(i)[r] * cofactor(r, c) / determinant * off(j)[c];
                        }
                    }
                    matrix[i][j] += f64::from(u8::from(i == j)) - (1.0 + form) / 9.0;
                }
            }
        }
    }
    matrix
}

/// The result by Gaussian elimination.
fn dense(picture: &Picture, trimap: &[u8], start: &[f32]) -> Vec<f64> {
    let laplacian = dense_laplacian(picture);
    let unknown: Vec<usize> = (0..start.len()).filter(|&at| trimap[at] == Trimap::UNKNOWN).collect();
    let pull = |at: usize| f64::from(pull(start[at]));
    let mut rows: Vec<Vec<f64>> = unknown
        .iter()
        .map(|&i| {
            let mut row: Vec<f64> = unknown.iter().map(|&j| laplacian[i][j]).collect();
            let known = (0..start.len()).filter(|&j| trimap[j] != Trimap::UNKNOWN);
            let right: f64 = known.map(|j| -laplacian[i][j] * f64::from(start[j])).sum();
            row.push(right + pull(i) * f64::from(start[i]));
            row
        })
        .collect();
    let count = rows.len();
    for (i, &at) in unknown.iter().enumerate() {
        rows[i][i] += pull(at);
    }
    for pivot in 0..count {
        let above = rows[pivot].clone();
        for row in &mut rows[pivot + 1..] {
            let factor = row[pivot] / above[pivot];
            if factor != 0.0 {
                row.iter_mut().zip(&above).skip(pivot).for_each(|(value, above)| *value -= factor * above);
            }
        }
    }
    let mut solution = vec![0.0; count];
    for i in (0..count).rev() {
        let rest: f64 = (i + 1..count).map(|j| rows[i][j] * solution[j]).sum();
        solution[i] = (rows[i][count] - rest) / rows[i][i];
    }
    let mut alpha: Vec<f64> = start.iter().map(|&a| f64::from(a)).collect();
    for (&at, value) in unknown.iter().zip(solution) {
        alpha[at] = value.clamp(0.0, 1.0);
    }
    alpha
}

fn solved(picture: &Picture, trimap: &[u8], start: &[f32]) -> Vec<f32> {
    closed_form(picture, trimap, start, &CancelToken::new()).unwrap()
}

#[test]
fn the_stencils_are_the_papers_matrix() {
    let (picture, alpha) = scene(23, 14);
    let trimap = vec![Trimap::UNKNOWN; alpha.len()];
    let layout = Layout::new(&unknown_blocks(23, &trimap));
    let live = layout.load(&picture, |_| 1.0);
    let stencils = windows::laplacian(&picture, &layout, &live, &vec![0.5; layout.places]);
    let expected = dense_laplacian(&picture);
    for (block, stencil) in layout.blocks.iter().zip(&stencils) {
        for lane in 0..LANES {
            let (x, y) = (block.column as usize * LANES + lane, block.row as usize);
            for (offset, lanes) in stencil.iter().enumerate() {
                let (to_x, to_y) = ((x + offset % 5).wrapping_sub(2), (y + offset / 5).wrapping_sub(2));
                let inside = x < 23 && to_x < 23 && to_y < 14;
                let reference = if inside { expected[y * 23 + x][to_y * 23 + to_x] } else { 0.0 };
                let reference = if offset == 12 && x < 23 { reference + f64::from(LEAST_PULL) } else { reference };
                let difference = (f64::from(lanes[lane]) - reference).abs();
                assert!(difference < 1e-5, "{x}, {y} to {to_x}, {to_y}: {} not {reference}", lanes[lane]);
            }
        }
    }
}

fn worst(a: &[f32], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - b).abs()).fold(0.0, f64::max)
}

#[test]
fn it_agrees_with_elimination() {
    for (width, height, radius) in [(30, 24, 2), (17, 9, 1), (40, 12, 4), (9, 40, 3)] {
        let (picture, truth) = scene(width, height);
        let trimap = band(width, &truth, radius);
        // A guess that knows nothing of the edge.
        let guess = |(&t, &a): (&u8, &f32)| if t == Trimap::UNKNOWN { 0.5 } else { a };
        let start: Vec<f32> = trimap.iter().zip(&truth).map(guess).collect();
        let reference = dense(&picture, &trimap, &start);
        let mut alpha = start.clone();
        let exactly = Stop { change: 1e-7, iterations: 800 };
        let blocks = unknown_blocks(width, &trimap);
        solve(&picture, &trimap, &blocks, &mut alpha, exactly, &CancelToken::new()).unwrap();
        let far = worst(&alpha, &reference);
        assert!(far < 1e-3, "{width} x {height}: {far}");
        // In the last one, half of the picture is unknown and in places only the prior decides: that takes long.
        if width > 9 {
            let far = worst(&solved(&picture, &trimap, &start), &reference);
            assert!(far < 6e-3, "{width} x {height}, as used: {far}");
        }
    }
}

#[test]
fn two_flat_colours_give_the_step_between_them() {
    let (width, height) = (40, 20);
    let truth: Vec<f32> = (0..width * height).map(|at| f32::from(u8::from(at % width >= 23))).collect();
    let pixels = truth.iter().map(|&a| if a > 0.5 { [0.9, 0.7, 0.1] } else { [0.2, 0.3, 0.4] }).collect();
    let picture = Picture { width, height, pixels };
    let unknown = |at: usize| (14..33).contains(&(at % width));
    let trimap: Vec<u8> =
        (0..truth.len()).map(|at| if unknown(at) { Trimap::UNKNOWN } else { (truth[at] * 255.0) as u8 }).collect();
    // The model saw a soft edge in the wrong place.
    let start: Vec<f32> =
        (0..truth.len()).map(|at| if unknown(at) { ((at % width) as f32 - 14.0) / 19.0 } else { truth[at] }).collect();
    let truth: Vec<f64> = truth.into_iter().map(f64::from).collect();
    let far = worst(&solved(&picture, &trimap, &start), &truth);
    assert!(far < 0.03, "{far}");
}

#[test]
fn an_unknown_region_without_a_sure_pixel_stays_near_the_start() {
    let (picture, start) = scene(48, 32);
    let alpha = solved(&picture, &vec![Trimap::UNKNOWN; start.len()], &start);
    let mean = alpha.iter().zip(&start).map(|(a, b)| (a - b).abs()).sum::<f32>() / start.len() as f32;
    assert!(mean < 0.05, "{mean}");
    // The start's mean is kept: flat alpha costs nothing but the prior.
    let flat = Picture { width: 48, height: 32, pixels: vec![[0.5; 3]; 48 * 32] };
    let alpha = solved(&flat, &vec![Trimap::UNKNOWN; 48 * 32], &vec![0.25; 48 * 32]);
    assert!(alpha.iter().all(|a| (a - 0.25).abs() < 1e-3));
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let (picture, truth) = scene(150, 120);
    let trimap: Vec<u8> = truth.iter().enumerate().map(|(at, _)| [0, 128, 128, 128, 255][at % 150 / 30]).collect();
    let start: Vec<f32> = trimap.iter().map(|&t| f32::from(t) / 255.0).collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solved(&picture, &trimap, &start))
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5));
}

#[test]
fn cancelling_ends_it() {
    let (picture, truth) = scene(40, 30);
    let cancel = CancelToken::new();
    cancel.cancel();
    let error = closed_form(&picture, &band(40, &truth, 2), &truth, &cancel).unwrap_err();
    assert_eq!(error.code(), Code::Cancelled);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any size, flat and noisy and extreme colours, any trimap and start.
    #[test]
    fn sure_pixels_are_untouched_and_the_rest_is_alpha(
        (width, height) in prop_oneof![(1_usize..20, 1_usize..20), Just((1, 300)), Just((300, 1)), Just((3, 200))],
        seed in any::<u64>(),
        contrast in prop_oneof![Just(0.0_f32), Just(1e-6), Just(1.0)],
        unknown in prop_oneof![Just(0_u64), Just(30), Just(90), Just(100)],
    ) {
        let mut state = seed | 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 40
        };
        let count = width * height;
        let pixels = (0..count).map(|_| [0; 3].map(|_: i32| contrast * (next() & 255) as f32 / 255.0)).collect();
        let picture = Picture { width, height, pixels };
        let start: Vec<f32> = (0..count).map(|_| (next() & 3) as f32 / 3.0).collect();
        let trimap: Vec<u8> = start
            .iter()
            .map(|&a| if next() % 100 < unknown { Trimap::UNKNOWN } else if a > 0.5 { 255 } else { 0 })
            .collect();
        let alpha = solved(&picture, &trimap, &start);
        prop_assert_eq!(alpha.len(), count);
        for ((alpha, start), &sample) in alpha.iter().zip(&start).zip(&trimap) {
            prop_assert!((0.0..=1.0).contains(alpha), "{}", alpha);
            if sample != Trimap::UNKNOWN {
                prop_assert_eq!(alpha.to_bits(), start.to_bits());
            }
        }
    }
}

/// The lemur of the outside test data, with the trimap that a person drew: sum of absolute differences to the true
/// alpha in thousands, and mean squared error. The "true" alpha is itself the closed form's, with an epsilon of 1e-7:
/// PyMatting gives 0.22 with that and 0.75 with 1e-5.
#[test]
fn the_lemur() {
    let Some(folder) = crate::test_data::outside("images/pymatting") else { return };
    let photo = |name: &str| Photo::open(folder.join(name)).unwrap();
    let picture = Picture::of(&photo("lemur.png"), 680, 440).unwrap();
    let truth = photo("lemur_alpha.png").to_matte().into_alpha();
    // It has an alpha channel, which is opaque: the trimap is in the colours.
    let samples = photo("lemur_trimap.png").rgb8().iter().step_by(3).copied().collect();
    let trimap = Trimap::new(680, 440, samples).unwrap();
    let start: Vec<f32> = trimap.samples().iter().map(|&t| f32::from(t) / 255.0).collect();
    let alpha = solved(&picture, trimap.samples(), &start);
    let difference = |(&a, &b): (&f32, &u8)| f64::from(a) - f64::from(b) / 255.0;
    let sad = alpha.iter().zip(&truth).map(|pair| difference(pair).abs()).sum::<f64>() / 1000.0;
    let mse = alpha.iter().zip(&truth).map(|pair| difference(pair).powi(2)).sum::<f64>() / alpha.len() as f64;
    assert!(sad < 1.05 && mse < 2.5e-4, "SAD {sad:.3} k, MSE {mse:.6}");
}
