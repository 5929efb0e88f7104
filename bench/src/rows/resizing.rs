//! Resampling: what happens to every photo on its way into a model.

use std::f64::consts::PI;

use packshot_resize::Size;

use super::side;
use crate::metrics;
use crate::place::{Place, text};
use crate::row::{Figure, Limit, Row};
use crate::serve::Fault;

const TO: Size = (1024, 768);

/// RGB from 12 megapixels to 1024 x 768 with Lanczos. The truth is the same in floating point.
pub(super) fn down(place: &Place) -> Result<Row, Fault> {
    let (from, rgb) = place.inputs.large()?;
    let path = text(&place.inputs.write("large.rgb", &rgb)?);
    let numbers = [from.0, from.1, TO.0, TO.1].map(|number| number.to_string());
    let words = |job: &'static str| [job, &path, &numbers[0], &numbers[1], &numbers[2], &numbers[3]];
    let with = |script: &'static str| [script, "resize", &path, &numbers[0], &numbers[1], &numbers[2], &numbers[3]];
    let sides = vec![
        side("fast_image_resize", place.codec(false, &words("fast-image-resize")), []),
        side("packshot", place.codec(false, &words("resize")), [Limit::Ratio(1.05, "fast_image_resize")]),
        side("Pillow", place.python(&with("with_pillow.py")), []),
        side("sharp", place.node(&with("with_sharp.mjs")), []),
    ];
    let truth = lanczos(&rgb, from, TO);
    Ok(Row {
        title: format!("resize, 12 MP to {} x {}, Lanczos", TO.0, TO.1),
        sides,
        judge: Box::new(move |samples| {
            if samples.len() != truth.len() {
                return Err("it has another size".into());
            }
            Ok(vec![Figure::new("PSNR", metrics::psnr(samples, &truth), 1, " dB")])
        }),
    })
}

/// Three-lobed Lanczos resampling of RGB, in floating point and rounded once.
fn lanczos(rgb: &[u8], from: Size, to: Size) -> Vec<u8> {
    let (width, height) = (from.0 as usize, from.1 as usize);
    let samples: Vec<f64> = rgb.iter().map(|v| f64::from(*v)).collect();
    let (across, down) = (taps(width, to.0 as usize), taps(height, to.1 as usize));
    let narrow: Vec<f64> = samples
        .chunks_exact(width * 3)
        .flat_map(|row| across.iter().map(move |taps| (row, taps)))
        .flat_map(|(row, taps)| [0, 1, 2].map(|c| taps.iter().map(|(x, weight)| row[x * 3 + c] * weight).sum::<f64>()))
        .collect();
    let stride = to.0 as usize * 3;
    down.iter()
        .flat_map(|taps| (0..stride).map(move |x| (taps, x)))
        .map(|(taps, x)| taps.iter().map(|(y, weight)| narrow[y * stride + x] * weight).sum::<f64>())
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
        .collect()
}

/// For each sample of the result, the samples it is made of and their weights.
fn taps(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let scale = (from as f64 / to as f64).max(1.0);
    let kernel = |x: f64| match x.abs() {
        0.0 => 1.0,
        x if x < 3.0 => 3.0 * (PI * x).sin() * (PI * x / 3.0).sin() / (PI * PI * x * x),
        _ => 0.0,
    };
    let of = |index: usize| {
        let centre = (index as f64 + 0.5) * from as f64 / to as f64;
        let first = (centre - 3.0 * scale).floor().max(0.0) as usize;
        let last = ((centre + 3.0 * scale).ceil() as usize).min(from);
        let weights: Vec<_> = (first..last).map(|i| (i, kernel((i as f64 + 0.5 - centre) / scale))).collect();
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        weights.into_iter().map(|(i, weight)| (i, weight / sum)).collect()
    };
    (0..to).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_agrees_with_the_resampler_within_its_rounding() {
        let rgb: Vec<u8> = (0..90 * 60).flat_map(|i| [i % 251, i / 90 * 4, 255 - i % 90].map(|v| v as u8)).collect();
        let fast = packshot_resize::rgb(
            &rgb,
            (90, 60),
            packshot_resize::whole((90, 60)),
            (31, 17),
            packshot_resize::Filter::Lanczos3,
        );
        let truth = lanczos(&rgb, (90, 60), (31, 17));
        assert!(fast.unwrap().iter().zip(&truth).all(|(a, b)| a.abs_diff(*b) <= 2));
    }
}
