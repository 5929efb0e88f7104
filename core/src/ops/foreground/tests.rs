//! Foreground estimation against a plain one in `f64`, and at its limits.

use proptest::prelude::*;

use super::*;
use crate::error::Code;
use crate::photo::Photo;

/// A disc with a soft rim: subject and ground of smooth colours, and what a camera sees of them.
fn scene(width: usize, height: usize) -> (Picture, Vec<f32>, Vec<Rgb>) {
    let mut pixels = Vec::new();
    let mut alpha = Vec::new();
    let mut truth = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f32 - width as f32 / 2.0, y as f32 - height as f32 / 2.0);
            let a = ((width.min(height) as f32 / 3.0 - dx.hypot(dy)) / 8.0 + 0.5).clamp(0.0, 1.0);
            let foreground = [0.9, 0.2 + x as f32 / width as f32 / 3.0, 0.1];
            let background = [0.1, 0.8, 0.3 + y as f32 / height as f32 / 2.0];
            pixels.push([0, 1, 2].map(|c| a * foreground[c] + (1.0 - a) * background[c]));
            alpha.push(a);
            truth.push(foreground);
        }
    }
    (Picture { width, height, pixels }, alpha, truth)
}

/// The two colours apart.
struct Colors {
    foreground: Vec<Rgb>,
    background: Vec<Rgb>,
}

fn colors(picture: &Picture, alpha: &[f32]) -> Colors {
    let mixed = multi_level(picture, alpha, &CancelToken::new()).unwrap();
    assert!(mixed.iter().all(|colors| colors[3] == 0.0 && colors[7] == 0.0));
    let half = |at: usize| mixed.iter().map(|colors| [colors[at], colors[at + 1], colors[at + 2]]).collect();
    Colors { foreground: half(0), background: half(4) }
}

/// The minimum of the sum in the module's documentation, by many sweeps of Gauss-Seidel over all pixels, in `f64`.
fn minimum(picture: &Picture, alpha: &[f32]) -> Vec<[[f64; 3]; 2]> {
    let Picture { width, height, pixels } = picture;
    let mut colors = vec![[[0.5; 3]; 2]; pixels.len()];
    for _ in 0..4000 {
        for at in 0..pixels.len() {
            let (x, y) = (at % width, at / width);
            let neighbours = [
                (x > 0).then(|| at - 1),
                (x + 1 < *width).then(|| at + 1),
                (y > 0).then(|| at - width),
                (y + 1 < *height).then(|| at + width),
            ];
            let a = f64::from(alpha[at]);
            for channel in 0..3 {
                // The normal equations of this pixel: m [F, B] = right.
                let pixel = f64::from(pixels[at][channel]);
                let mut m = [[a * a, a * (1.0 - a)], [a * (1.0 - a), (1.0 - a) * (1.0 - a)]];
                let mut right = [a * pixel, (1.0 - a) * pixel];
                for other in neighbours.into_iter().flatten() {
                    let weight = f64::from(REGULARISATION) + (a - f64::from(alpha[other])).abs();
                    for which in 0..2 {
                        m[which][which] += weight;
                        right[which] += weight * colors[other][which][channel];
                    }
                }
                let determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
                colors[at][0][channel] = ((m[1][1] * right[0] - m[0][1] * right[1]) / determinant).clamp(0.0, 1.0);
                colors[at][1][channel] = ((m[0][0] * right[1] - m[1][0] * right[0]) / determinant).clamp(0.0, 1.0);
            }
        }
    }
    colors
}

#[test]
fn it_is_near_the_minimum() {
    let (picture, alpha, truth) = scene(48, 40);
    let expected = minimum(&picture, &alpha);
    let found = colors(&picture, &alpha);
    let partial: Vec<usize> = (0..alpha.len()).filter(|&at| alpha[at] > 0.02 && alpha[at] < 0.98).collect();
    let (mut from_minimum, mut from_truth, mut naive) = (0.0, 0.0, 0.0);
    for &at in &partial {
        let a = f64::from(alpha[at]);
        for channel in 0..3 {
            let foreground = f64::from(found.foreground[at][channel]);
            from_minimum += (a * (foreground - expected[at][0][channel])).abs();
            from_minimum += ((1.0 - a) * (f64::from(found.background[at][channel]) - expected[at][1][channel])).abs();
            from_truth += (a * (foreground - f64::from(truth[at][channel]))).abs();
            naive += (a * f64::from(picture.pixels[at][channel] - truth[at][channel])).abs();
        }
    }
    let count = 3.0 * partial.len() as f64;
    // A few steps a level do not reach the minimum; they come near enough that the eye does not see the rest.
    assert!(from_minimum / count < 0.02, "from the minimum: {}", from_minimum / count);
    assert!(
        from_truth < 0.15 * naive,
        "{} where the photo's own colours are off by {}",
        from_truth / count,
        naive / count
    );
}

#[test]
fn two_flat_colours_are_found() {
    let (mut picture, alpha, _) = scene(60, 44);
    let (subject, ground) = ([0.8, 0.1, 0.3], [0.0, 1.0, 0.0]);
    picture.pixels = alpha.iter().map(|a| [0, 1, 2].map(|c| a * subject[c] + (1.0 - a) * ground[c])).collect();
    let found = colors(&picture, &alpha);
    for (at, &a) in alpha.iter().enumerate() {
        for channel in 0..3 {
            assert!((found.foreground[at][channel] - subject[channel]).abs() < 0.01, "foreground at {at}, alpha {a}");
            assert!((found.background[at][channel] - ground[channel]).abs() < 0.01, "background at {at}, alpha {a}");
        }
    }
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let (picture, alpha, _) = scene(211, 173);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| colors(&picture, &alpha))
    };
    let (one, two, five) = (with(1), with(2), with(5));
    assert!(one.foreground == two.foreground && one.background == two.background);
    assert!(one.foreground == five.foreground && one.background == five.background);
}

#[test]
fn cancelling_ends_it() {
    let (picture, alpha, _) = scene(30, 30);
    let cancel = CancelToken::new();
    cancel.cancel();
    assert_eq!(multi_level(&picture, &alpha, &cancel).unwrap_err().code(), Code::Cancelled);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any size, any colours and any alpha, also where everything is subject or nothing.
    #[test]
    fn colours_are_colours_and_sure_ones_the_photos(
        (width, height) in prop_oneof![(1_usize..50, 1_usize..50), Just((1, 300)), Just((300, 1))],
        seed in any::<u64>(),
        steps in 0_u64..6,
    ) {
        let mut state = seed | 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 40
        };
        let count = width * height;
        let pixels = (0..count).map(|_| [0; 3].map(|_: i32| (next() & 255) as f32 / 255.0)).collect();
        let picture = Picture { width, height, pixels };
        // With 0 steps all is ground, with 1 all is sure.
        let alpha: Vec<f32> = (0..count).map(|_| (next() % (steps + 1)) as f32 / steps.max(1) as f32).collect();
        let found = colors(&picture, &alpha);
        prop_assert_eq!((found.foreground.len(), found.background.len()), (count, count));
        for (at, &alpha) in alpha.iter().enumerate() {
            for value in found.foreground[at].iter().chain(&found.background[at]) {
                prop_assert!((0.0..=1.0).contains(value));
            }
            if alpha == 1.0 {
                prop_assert_eq!(found.foreground[at], picture.pixels[at]);
            }
            if alpha == 0.0 {
                prop_assert_eq!(found.background[at], picture.pixels[at]);
            }
        }
    }
}

/// The lemur of the outside test data over pure green, with its true alpha: mean of `(a (F - truth))^2` where alpha is
/// between 0.02 and 0.98. PyMatting's multi-level estimation gives 0.00006, the photo as it is 0.009.
#[test]
fn the_lemur() {
    let Some(folder) = crate::test_data::outside("images/pymatting") else { return };
    let photo = |name: &str| Photo::open(folder.join(name)).unwrap();
    let mut picture = Picture::of(&photo("lemur_foreground.png"), 680, 440).unwrap();
    let truth = picture.pixels.clone();
    let alpha = photo("lemur_alpha.png").to_matte().into_alpha();
    let alpha: Vec<f32> = alpha.into_iter().map(|a| f32::from(a) / 255.0).collect();
    for (pixel, a) in picture.pixels.iter_mut().zip(&alpha) {
        *pixel = [a * pixel[0], a * pixel[1] + 1.0 - a, a * pixel[2]];
    }
    let found = colors(&picture, &alpha).foreground;
    let (mut sum, mut count) = (0.0, 0.0);
    for (at, &a) in alpha.iter().enumerate().filter(|&(_, &a)| a > 0.02 && a < 0.98) {
        for channel in 0..3 {
            sum += f64::from(a * (found[at][channel] - truth[at][channel])).powi(2);
            count += 1.0;
        }
    }
    assert!(sum / count < 1e-4, "{:.6}", sum / count);
}
