//! Samples of 16 bit, floats, and pictures with straight alpha: channel by channel, as floats.
//!
//! Colours are weighted by alpha, so that transparent pixels do not bleed into opaque ones. Filters with negative lobes
//! overshoot at a hard edge, in colour and in alpha alike; as floats both may leave their range, and the overshoot
//! cancels in their ratio. If they were clamped, they would no longer agree, and a line of a wrong colour would appear
//! along the edge.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::F32;

use crate::{Crop, Filter, InvalidPicture, Size, check, invalid, resample};

/// Scales one channel of `f32`; values may leave their range where the filter rings.
///
/// # Errors
/// As [`gray`](crate::gray).
pub fn plane(samples: &[f32], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<f32>, InvalidPicture> {
    check(samples.len(), 1, from, to)?;
    scale(samples.iter().copied(), from, crop, to, filter)
}

/// Scales one channel of 16 bit.
///
/// # Errors
/// As [`gray`](crate::gray).
pub fn gray16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    opaque::<_, 1>(samples, from, crop, to, filter)
}

/// Scales RGB of 16 bit.
///
/// # Errors
/// As [`gray`](crate::gray), with three samples a pixel.
pub fn rgb16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    opaque::<_, 3>(samples, from, crop, to, filter)
}

/// Scales gray with straight alpha; gray is weighted by alpha, and black where the result is transparent.
///
/// # Errors
/// As [`gray`](crate::gray), with two samples a pixel.
pub fn gray_alpha(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    straight::<_, 2>(samples, from, crop, to, filter)
}

/// [`gray_alpha`] with 16 bit.
///
/// # Errors
/// Those of [`gray_alpha`].
pub fn gray_alpha16(
    samples: &[u16],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<u16>, InvalidPicture> {
    straight::<_, 2>(samples, from, crop, to, filter)
}

/// Scales RGB with straight alpha; colours are weighted by alpha, and black where the result is transparent.
///
/// # Errors
/// As [`gray`](crate::gray), with four samples a pixel.
pub fn rgba(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    straight::<_, 4>(samples, from, crop, to, filter)
}

/// [`rgba`] with 16 bit.
///
/// # Errors
/// Those of [`rgba`].
pub fn rgba16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    straight::<_, 4>(samples, from, crop, to, filter)
}

trait Sample: Copy + Default + Into<f32> {
    const MAX: f32;
    /// Rounds, and clamps to the range.
    fn from_f32(value: f32) -> Self;
}

impl Sample for u8 {
    const MAX: f32 = 255.0;
    fn from_f32(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

impl Sample for u16 {
    const MAX: f32 = 65_535.0;
    fn from_f32(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

fn opaque<T: Sample, const N: usize>(
    samples: &[T],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<T>, InvalidPicture> {
    check(samples.len(), N, from, to)?;
    let mut out = vec![T::default(); to.0 as usize * to.1 as usize * N];
    for channel in 0..N {
        let plane =
            scale(samples.iter().skip(channel).step_by(N).map(|&sample| sample.into()), from, crop, to, filter)?;
        out.iter_mut().skip(channel).step_by(N).zip(plane).for_each(|(out, value)| *out = T::from_f32(value));
    }
    Ok(out)
}

/// The last of `N` channels is alpha.
fn straight<T: Sample, const N: usize>(
    samples: &[T],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<T>, InvalidPicture> {
    check(samples.len(), N, from, to)?;
    let pixels = samples.as_chunks::<N>().0;
    let alpha = scale(pixels.iter().map(|pixel| pixel[N - 1].into()), from, crop, to, filter)?;
    let mut out = vec![T::default(); alpha.len() * N];
    for channel in 0..N - 1 {
        let weighted = pixels.iter().map(|pixel| pixel[channel].into() * (pixel[N - 1].into() / T::MAX));
        let plane = scale(weighted, from, crop, to, filter)?;
        for ((pixel, value), alpha) in out.as_chunks_mut::<N>().0.iter_mut().zip(plane).zip(&alpha) {
            // A pixel that rounds to transparent gets no colour.
            pixel[channel] = T::from_f32(if *alpha < 0.5 { 0.0 } else { value * T::MAX / alpha });
        }
    }
    out.iter_mut().skip(N - 1).step_by(N).zip(alpha).for_each(|(out, alpha)| *out = T::from_f32(alpha));
    Ok(out)
}

fn scale(
    samples: impl Iterator<Item = f32>,
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<f32>, InvalidPicture> {
    let samples: Vec<F32> = samples.map(F32::new).collect();
    let source = TypedImageRef::new(from.0, from.1, &samples).map_err(invalid)?;
    let mut target = TypedImage::new(to.0, to.1);
    resample(&source, &mut target, crop, filter)?;
    Ok(target.pixels().iter().map(|pixel| pixel.0).collect())
}
