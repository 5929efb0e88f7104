//! From 8-bit samples to a model's input tensor, and from its output tensor to alpha.
//!
//! Input: `value = (sample / divide - mean) / std` for each channel. Output, in this order: activation, `/ scale`,
//! stretch, levels, clamp to 0..1, polarity, times 255.

use crate::error::{Code, Error, Result};
use crate::geometry::Rect;
use crate::inference::Tensor;
use crate::models::{
    Activation, ColorOrder, Divisor, DivisorOf, InputSpec, Layout, OutputSpec, Polarity, SizePolicy, Stretch,
};
use crate::ops::pad;
use crate::photo::Matte;

/// The size at which a `width` by `height` photo enters a model.
pub(crate) fn input_size(policy: SizePolicy, width: u32, height: u32) -> (u32, u32) {
    match policy {
        SizePolicy::Fixed { fixed: [width, height] } => (width, height),
        SizePolicy::ShortSide { short_side, multiple_of } => {
            let scale = f64::from(short_side) / f64::from(width.min(height));
            let round = |side: u32| {
                let multiples = (f64::from(side) * scale / f64::from(multiple_of)).round();
                // An extreme panorama would otherwise need a tensor of gigabytes.
                (multiples.max(1.0) as u32 * multiple_of).min(short_side.saturating_mul(4).max(multiple_of))
            };
            (round(width), round(height))
        }
    }
}

/// Turns interleaved RGB of `width` by `height` into the tensor that `spec` describes, with a batch of one.
pub(crate) fn from_rgb(rgb: &[u8], width: u32, height: u32, spec: &InputSpec) -> Result<Tensor> {
    let pixels = width as usize * height as usize;
    let divide = match spec.divide {
        Divisor::Number(number) => number,
        Divisor::Of(DivisorOf::Max) => f32::from(rgb.iter().copied().max().unwrap_or(0).max(1)),
    };
    // One multiplication and one addition per sample.
    let affine = |channel: usize| {
        let (mean, std) = (spec.mean[channel], spec.std[channel]);
        (1.0 / (divide * std), -mean / std)
    };
    let source_channel = |channel: usize| match spec.color {
        ColorOrder::Rgb => channel,
        ColorOrder::Bgr => 2 - channel,
    };
    let mut data = vec![0.0_f32; pixels * 3];
    match spec.layout {
        Layout::Nchw => {
            for (channel, plane) in data.chunks_exact_mut(pixels).enumerate() {
                let (gain, offset) = affine(channel);
                let source = source_channel(channel);
                for (value, pixel) in plane.iter_mut().zip(rgb.chunks_exact(3)) {
                    *value = f32::from(pixel[source]) * gain + offset;
                }
            }
            Tensor::new(vec![1, 3, height as usize, width as usize], data)
        }
        Layout::Nhwc => {
            for channel in 0..3 {
                let (gain, offset) = affine(channel);
                let source = source_channel(channel);
                for (values, pixel) in data.chunks_exact_mut(3).zip(rgb.chunks_exact(3)) {
                    values[channel] = f32::from(pixel[source]) * gain + offset;
                }
            }
            Tensor::new(vec![1, height as usize, width as usize, 3], data)
        }
    }
}

/// Turns a model's answer into a matte at the answer's own size.
///
/// All axes but two must be 1; those two are height and width.
pub(crate) fn into_matte(answer: Tensor, spec: &OutputSpec) -> Result<Matte> {
    let sides: Vec<usize> = answer.shape().iter().copied().filter(|&side| side != 1).collect();
    let (height, width) = match sides[..] {
        [height, width] => (height, width),
        _ => {
            let message = format!("the model's output has shape {:?}, not one plane of height x width", answer.shape());
            return Err(Error::new(Code::ModelShape, message));
        }
    };
    let mut values = answer.into_data();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Error::new(Code::BackendFailed, "the model's output holds values that are not numbers"));
    }
    if spec.activation == Activation::Sigmoid {
        for value in &mut values {
            *value = 1.0 / (1.0 + (-*value).exp());
        }
    }
    let (mut low, mut span) = (0.0, spec.scale);
    if spec.stretch == Stretch::MinMax {
        let (min, max) = values.iter().fold((f32::MAX, f32::MIN), |(min, max), &v| (min.min(v), max.max(v)));
        // A flat answer cannot be stretched, and is kept.
        if max > min {
            (low, span) = (min, max - min);
        }
    }
    let [black, white] = spec.levels;
    let alpha = values
        .iter()
        .map(|&value| {
            let alpha = (((value - low) / span - black) / (white - black)).clamp(0.0, 1.0);
            let alpha = if spec.polarity == Polarity::Background { 1.0 - alpha } else { alpha };
            (alpha * 255.0).round() as u8
        })
        .collect();
    Matte::new(width as u32, height as u32, alpha)
}

/// Crops a model's answer for a padded photo, which lies at `at` in a frame of `size`, and stretches it to the whole.
///
/// # Errors
/// [`Code::ModelShape`] if the answer is not a plane of that size: all axes other than height and width must be 1.
pub(crate) fn unpad(answer: Tensor, at: Rect, size: (u32, u32)) -> Result<Tensor> {
    let shape = answer.shape().to_vec();
    let sides: Vec<usize> = shape.iter().copied().filter(|&side| side != 1).collect();
    if sides != [size.1 as usize, size.0 as usize] {
        let message = format!("a model that pads must answer with {} x {}, not with shape {shape:?}", size.0, size.1);
        return Err(Error::new(Code::ModelShape, message));
    }
    Tensor::new(shape, pad::unpad(&answer.into_data(), at, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(toml: &str) -> InputSpec {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn layout_order_and_normalisation() {
        let rgb = [10, 20, 30, 40, 50, 60];
        let nchw =
            from_rgb(&rgb, 2, 1, &spec("divide = 10\nmean = [1, 2, 3]\nstd = [1, 2, 4]\nsize = { fixed = [2, 1] }"));
        assert_eq!(nchw.unwrap().data(), [0.0, 3.0, 0.0, 1.5, 0.0, 0.75]);
        let bgr = from_rgb(&rgb, 2, 1, &spec("layout = 'nhwc'\ncolor = 'bgr'\ndivide = 1\nsize = { fixed = [2, 1] }"));
        let bgr = bgr.unwrap();
        assert_eq!(bgr.data(), [30.0, 20.0, 10.0, 60.0, 50.0, 40.0]);
        assert_eq!(bgr.shape(), [1, 1, 2, 3]);
    }

    #[test]
    fn dividing_by_the_largest_sample_survives_a_black_picture() {
        let spec = spec("divide = 'max'\nsize = { fixed = [1, 1] }");
        assert_eq!(from_rgb(&[50, 100, 200], 1, 1, &spec).unwrap().data(), [0.25, 0.5, 1.0]);
        assert_eq!(from_rgb(&[0, 0, 0], 1, 1, &spec).unwrap().data(), [0.0; 3]);
    }

    #[test]
    fn short_side_keeps_the_aspect_and_is_bounded() {
        let policy = SizePolicy::ShortSide { short_side: 512, multiple_of: 32 };
        assert_eq!(input_size(policy, 2000, 1000), (1024, 512));
        assert_eq!(input_size(policy, 1, 60_000), (512, 2048));
    }

    #[test]
    fn output_steps_in_order() {
        let tensor = |values: &[f32]| Tensor::new(vec![1, 1, 2, 2], values.to_vec()).unwrap();
        let plain = into_matte(tensor(&[0.0, 0.5, 1.0, 2.0]), &OutputSpec::default()).unwrap();
        assert_eq!(plain.alpha(), [0, 128, 255, 255]);
        let stretched =
            OutputSpec { stretch: Stretch::MinMax, polarity: Polarity::Background, ..OutputSpec::default() };
        assert_eq!(into_matte(tensor(&[-1.0, 0.0, 1.0, 3.0]), &stretched).unwrap().alpha(), [255, 191, 128, 0]);
        let levels = OutputSpec { levels: [0.25, 0.75], ..OutputSpec::default() };
        assert_eq!(into_matte(tensor(&[0.2, 0.25, 0.5, 0.8]), &levels).unwrap().alpha(), [0, 0, 128, 255]);
        let sigmoid = OutputSpec { activation: Activation::Sigmoid, ..OutputSpec::default() };
        assert_eq!(into_matte(tensor(&[0.0, 50.0, -50.0, 0.0]), &sigmoid).unwrap().alpha(), [128, 255, 0, 128]);
    }

    #[test]
    fn wrong_answers_are_errors() {
        let three = Tensor::new(vec![1, 3, 2, 2], vec![0.0; 12]).unwrap();
        assert_eq!(into_matte(three, &OutputSpec::default()).unwrap_err().code(), Code::ModelShape);
        let nan = Tensor::new(vec![2, 2], vec![f32::NAN; 4]).unwrap();
        assert_eq!(into_matte(nan, &OutputSpec::default()).unwrap_err().code(), Code::BackendFailed);
    }

    #[test]
    fn only_a_plane_of_the_frame_can_be_unpadded() {
        let at = Rect { left: 0, top: 4, width: 16, height: 8 };
        let wrong = Tensor::new(vec![1, 8, 8], vec![0.0; 64]).unwrap();
        assert_eq!(unpad(wrong, at, (16, 16)).unwrap_err().code(), Code::ModelShape);
        let plane = Tensor::new(vec![1, 1, 16, 16], vec![1.0; 256]).unwrap();
        assert_eq!(unpad(plane, at, (16, 16)).unwrap().shape(), [1, 1, 16, 16]);
    }
}
