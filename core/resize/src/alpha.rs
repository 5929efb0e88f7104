//! Pictures with straight alpha.
//!
//! Colours are weighted by alpha, so that what is transparent leaves no trace in what is not. The weighted samples have
//! 16 bits, and room below zero and above one: filters with negative lobes overshoot at a hard edge, in colour and in
//! alpha alike. Cut off at the range, as alpha must be, they would no longer agree, and a line of a wrong colour would
//! run along the edge; with the room, the overshoot falls out of their ratio.

use fast_image_resize::PixelTrait;
use fast_image_resize::pixels::{Pixel, U16x2, U16x4};

use crate::wide::scale;
use crate::{Crop, Filter, InvalidPicture, Size, check};

/// Where zero lies among the weighted samples, and how far one is from it: three tenths of room on either side.
const ZERO: f32 = 12_288.0;
const ONE: f32 = 40_960.0;

/// Scales gray with straight alpha; gray is weighted by alpha, and black where the result is transparent.
///
/// # Errors
/// As [`gray`](crate::gray), with two samples a pixel.
pub fn gray_alpha(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    check(samples.len(), 2, from, to)?;
    let pixels: Vec<U16x2> = weighted(samples);
    Ok(straight(scale(&pixels, from, crop, to, filter)?.pixels()))
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
    check(samples.len(), 2, from, to)?;
    let pixels: Vec<U16x2> = weighted(samples);
    Ok(straight(scale(&pixels, from, crop, to, filter)?.pixels()))
}

/// Scales RGB with straight alpha; colours are weighted by alpha, and black where the result is transparent.
///
/// # Errors
/// As [`gray`](crate::gray), with four samples a pixel.
pub fn rgba(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    check(samples.len(), 4, from, to)?;
    let pixels: Vec<U16x4> = weighted(samples);
    Ok(straight(scale(&pixels, from, crop, to, filter)?.pixels()))
}

/// [`rgba`] with 16 bit.
///
/// # Errors
/// Those of [`rgba`].
pub fn rgba16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    check(samples.len(), 4, from, to)?;
    let pixels: Vec<U16x4> = weighted(samples);
    Ok(straight(scale(&pixels, from, crop, to, filter)?.pixels()))
}

trait Sample: Copy {
    const MAX: f32;
    fn to_f32(self) -> f32;
    /// Rounded, and cut off at the range.
    fn from_f32(value: f32) -> Self;
}

impl Sample for u8 {
    const MAX: f32 = 255.0;
    fn to_f32(self) -> f32 {
        f32::from(self)
    }
    fn from_f32(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

impl Sample for u16 {
    const MAX: f32 = 65_535.0;
    fn to_f32(self) -> f32 {
        f32::from(self)
    }
    fn from_f32(value: f32) -> Self {
        (value + 0.5) as Self
    }
}

fn weighted<T: Sample, const N: usize>(samples: &[T]) -> Vec<Pixel<[u16; N], u16, N>>
where
    [u16; N]: Default,
    Pixel<[u16; N], u16, N>: PixelTrait,
{
    let weigh = |pixel: &[T; N]| {
        let alpha = pixel[N - 1].to_f32() * (ONE / T::MAX);
        let mut out = pixel.map(|sample| (ZERO + sample.to_f32() / T::MAX * alpha + 0.5) as u16);
        out[N - 1] = (ZERO + alpha + 0.5) as u16;
        Pixel::new(out)
    };
    samples.as_chunks::<N>().0.iter().map(weigh).collect()
}

fn straight<T: Sample, const N: usize>(pixels: &[Pixel<[u16; N], u16, N>]) -> Vec<T>
where
    [u16; N]: Default,
{
    let mut out = Vec::with_capacity(pixels.len() * N);
    for pixel in pixels {
        let full = f32::from(pixel.0[N - 1]) - ZERO;
        let alpha = full * (T::MAX / ONE);
        // What rounds to transparent has no colour to speak of.
        let share = if alpha < 0.5 { 0.0 } else { T::MAX / full };
        out.extend(pixel.0[..N - 1].iter().map(|&sample| T::from_f32((f32::from(sample) - ZERO) * share)));
        out.push(T::from_f32(alpha));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whole;

    #[test]
    fn transparent_colours_do_not_bleed() {
        let pixels = [[255, 0, 0, 255], [0, 255, 0, 0]].concat();
        let scaled = rgba(&pixels, (2, 1), whole((2, 1)), (1, 1), Filter::Area).unwrap();
        assert_eq!(scaled, [255, 0, 0, 128]);
    }

    #[test]
    fn a_hard_edge_keeps_its_colour() {
        // A disc of one colour; around it, another one that is invisible.
        let inside = |i: i32| (i % 60 - 30).pow(2) + (i / 60 - 30).pow(2) < 400;
        let pixels: Vec<u8> =
            (0..3600).flat_map(|i| if inside(i) { [200, 100, 30, 255] } else { [0, 255, 0, 0] }).collect();
        for side in [17, 23, 59, 97, 200] {
            let scaled = rgba(&pixels, (60, 60), whole((60, 60)), (side, side), Filter::Lanczos3).unwrap();
            for pixel in scaled.chunks_exact(4).filter(|pixel| pixel[3] >= 16) {
                let far = pixel.iter().zip([200, 100, 30]).map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
                assert!(far <= Some(2), "{pixel:?} at {side}");
            }
        }
    }

    #[test]
    fn sixteen_bit_is_as_precise_as_it_can_be() {
        let pixels: Vec<u16> = (0..100).flat_map(|_| [12_345, 54_321, 1, 65_535]).collect();
        let scaled = rgba16(&pixels, (10, 10), whole((10, 10)), (7, 3), Filter::Lanczos3).unwrap();
        assert!(
            scaled
                .chunks_exact(4)
                .flatten()
                .zip([12_345, 54_321, 1, 65_535_u16].iter().cycle())
                .all(|(a, b)| a.abs_diff(*b) <= 3)
        );
        let gray: Vec<u16> = (0..100).flat_map(|_| [12_345, 30_000]).collect();
        let scaled = gray_alpha16(&gray, (10, 10), whole((10, 10)), (13, 19), Filter::Lanczos3).unwrap();
        assert!(scaled.chunks_exact(2).all(|pixel| pixel[0].abs_diff(12_345) <= 4 && pixel[1].abs_diff(30_000) <= 2));
    }
}
