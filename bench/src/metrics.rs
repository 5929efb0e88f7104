//! How far an answer is from what is right. Samples have 8 bits; values are on the scale from 0 to 1 unless said
//! otherwise.

/// Sum of absolute differences, in thousands, as the matting literature gives it.
pub(crate) fn sad(answer: &[u8], truth: &[u8]) -> f64 {
    let sum: u64 = answer.iter().zip(truth).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / 255.0 / 1000.0
}

/// Mean squared error.
pub(crate) fn mse(answer: &[u8], truth: &[u8]) -> f64 {
    let sum: u64 = answer.iter().zip(truth).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
    sum as f64 / (255.0 * 255.0) / answer.len().max(1) as f64
}

/// Peak signal-to-noise ratio in dB; infinite for equal pictures.
pub(crate) fn psnr(answer: &[u8], truth: &[u8]) -> f64 {
    -10.0 * mse(answer, truth).log10()
}

/// Intersection over union of the pixels that are at least half subject; 1 if there are none in either.
pub(crate) fn iou(answer: &[u8], truth: &[u8]) -> f64 {
    let (mut both, mut any) = (0_u64, 0_u64);
    for (a, b) in answer.iter().zip(truth) {
        let (a, b) = (*a >= 128, *b >= 128);
        both += u64::from(a && b);
        any += u64::from(a || b);
    }
    if any == 0 { 1.0 } else { both as f64 / any as f64 }
}

/// Gradient error, in thousands: the squared differences of the gradients' lengths, summed. The gradient is a
/// Gaussian derivative with sigma 1.4, as in Rhemann et al. 2009; at the border the picture is repeated.
pub(crate) fn grad(answer: &[u8], truth: &[u8], width: usize) -> f64 {
    let (answer, truth) = (gradient(answer, width), gradient(truth, width));
    answer.iter().zip(&truth).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / 1000.0
}

/// Mean squared error of premultiplied colours, `(a (answer - truth))^2`, where alpha is strictly between 0.02 and 0.98.
/// Elsewhere the colour is known or invisible.
pub(crate) fn edge_color_mse(answer: &[u8], truth: &[u8], alpha: &[u8]) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u64);
    for ((a, b), alpha) in answer.chunks_exact(3).zip(truth.chunks_exact(3)).zip(alpha) {
        let alpha = f64::from(*alpha) / 255.0;
        if alpha > 0.02 && alpha < 0.98 {
            sum += alpha * alpha * mse(a, b);
            count += 1;
        }
    }
    if count == 0 { 0.0 } else { sum / count as f64 }
}

fn gradient(samples: &[u8], width: usize) -> Vec<f64> {
    const SIGMA: f64 = 1.4;
    const RADIUS: i64 = 4;
    let at = |offset: i64| offset as f64;
    let mut smooth: Vec<f64> = (-RADIUS..=RADIUS).map(|x| (-at(x).powi(2) / (2.0 * SIGMA * SIGMA)).exp()).collect();
    let mut slope: Vec<f64> = smooth.iter().zip(-RADIUS..).map(|(g, x)| -at(x) * g).collect();
    // Each kernel has unit length, so that the two-dimensional one has.
    for kernel in [&mut smooth, &mut slope] {
        let length = kernel.iter().map(|v| v * v).sum::<f64>().sqrt();
        kernel.iter_mut().for_each(|v| *v /= length);
    }
    let samples: Vec<f64> = samples.iter().map(|v| f64::from(*v) / 255.0).collect();
    let along_x = columns(&rows(&samples, width, &slope), width, &smooth);
    let along_y = columns(&rows(&samples, width, &smooth), width, &slope);
    along_x.iter().zip(&along_y).map(|(x, y)| x.hypot(*y)).collect()
}

fn rows(samples: &[f64], width: usize, kernel: &[f64]) -> Vec<f64> {
    let radius = kernel.len() / 2;
    let filtered = |row: &[f64], x: usize| {
        let tap = |(i, weight): (usize, &f64)| weight * row[(x + i).saturating_sub(radius).min(width - 1)];
        kernel.iter().enumerate().map(tap).sum()
    };
    samples.chunks_exact(width).flat_map(|row| (0..width).map(move |x| filtered(row, x))).collect()
}

fn columns(samples: &[f64], width: usize, kernel: &[f64]) -> Vec<f64> {
    let (radius, height) = (kernel.len() / 2, samples.len() / width);
    let filtered = |y: usize, x: usize| {
        let tap =
            |(i, weight): (usize, &f64)| weight * samples[(y + i).saturating_sub(radius).min(height - 1) * width + x];
        kernel.iter().enumerate().map(tap).sum()
    };
    (0..height).flat_map(|y| (0..width).map(move |x| filtered(y, x))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pictures_have_no_error() {
        let picture: Vec<u8> = (0..=255).collect();
        assert_eq!((sad(&picture, &picture), mse(&picture, &picture)), (0.0, 0.0));
        assert_eq!(psnr(&picture, &picture), f64::INFINITY);
        assert_eq!(iou(&picture, &picture), 1.0);
        assert_eq!(grad(&picture, &picture, 16), 0.0);
    }

    #[test]
    fn the_opposite_has_the_largest_error() {
        let (black, white) = (vec![0; 2000], vec![255; 2000]);
        assert_eq!(sad(&black, &white), 2.0, "two thousand pixels, in thousands");
        assert_eq!(mse(&black, &white), 1.0);
        assert_eq!(psnr(&black, &white), 0.0);
        assert_eq!(iou(&black, &white), 0.0);
    }

    #[test]
    fn a_half_overlap_is_a_third_of_the_union() {
        assert_eq!(iou(&[255, 255, 0, 0], &[0, 255, 255, 0]), 1.0 / 3.0);
    }

    #[test]
    fn a_soft_edge_differs_from_a_hard_one_in_its_gradient_only_there() {
        let hard: Vec<u8> = (0..32 * 32).map(|i| if i % 32 < 16 { 0 } else { 255 }).collect();
        let soft: Vec<u8> = (0..32 * 32).map(|i| ((i % 32) * 8) as u8).collect();
        assert!(grad(&soft, &hard, 32) > 0.1, "{}", grad(&soft, &hard, 32));
        let lighter: Vec<u8> = hard.iter().map(|v| v.saturating_add(1).max(1)).collect();
        assert!(grad(&lighter, &hard, 32) < 0.001, "a constant has no gradient");
    }

    #[test]
    fn colours_count_only_at_edges_and_by_their_alpha() {
        let truth = [10, 10, 10].repeat(3);
        let answer = [[10, 10, 10], [61, 61, 61], [200, 0, 0]].concat();
        let error = edge_color_mse(&answer, &truth, &[128, 64, 255]);
        // Of two edge pixels one is right, one is off by a fifth at a quarter of full alpha.
        let wrong = (0.2_f64 * 64.0 / 255.0).powi(2);
        assert!((error - wrong / 2.0).abs() < 1e-12, "{error}");
    }
}
