//! Resampling of pictures with 8 bit and of planes of floats, compiled once.
//!
//! The resampler generates code for every pixel type in whichever crate calls it. These functions are not generic, so
//! the crates above them compile in seconds, and this is the only place that knows the resampler.
//!
//! All functions take interleaved samples, row by row, in the encoding that the samples have (no linearisation),
//! and scale a rectangle `crop` of the source to the whole destination. Down-scaling is antialiased.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, U8, U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

/// A resampling filter, by its usual name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Filter {
    /// Average of the covered area.
    Area,
    /// Triangle.
    Bilinear,
    /// Cubic with B = 0, C = 0.5 (Catmull-Rom): sharp, with a single negative lobe.
    Bicubic,
    /// Windowed sinc, three lobes.
    Lanczos3,
}

/// Width and height in pixels.
pub type Size = (u32, u32);

/// Left, top, width and height in source pixels; may be fractional.
pub type Crop = (f64, f64, f64, f64);

/// The arguments do not describe a picture; says which.
#[derive(Debug)]
pub struct InvalidPicture(String);

impl std::fmt::Display for InvalidPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidPicture {}

/// Scales one channel.
///
/// # Errors
/// When a size is zero, `samples` is not `from.0 * from.1` long, or `crop` leaves the source.
pub fn gray(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    scale::<U8>(samples, from, crop, to, filter)
}

/// Scales RGB.
///
/// # Errors
/// As [`gray`], with three samples a pixel.
pub fn rgb(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    scale::<U8x3>(samples, from, crop, to, filter)
}

/// Scales RGB with straight alpha; colours are weighted by alpha.
///
/// # Errors
/// As [`gray`], with four samples a pixel.
pub fn rgba(samples: &[u8], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u8>, InvalidPicture> {
    scale::<U8x4>(samples, from, crop, to, filter)
}

/// Scales one channel of `f32`; values may leave their range where the filter rings.
///
/// # Errors
/// As [`gray`].
pub fn plane(samples: &[f32], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<f32>, InvalidPicture> {
    scale::<F32>(samples, from, crop, to, filter)
}

/// The crop that covers a whole picture.
#[must_use]
pub fn whole(size: Size) -> Crop {
    (0.0, 0.0, f64::from(size.0), f64::from(size.1))
}

/// The largest centred crop of `from` with the aspect ratio of `to`.
#[must_use]
pub fn cover(from: Size, to: Size) -> Crop {
    let (width, height) = (f64::from(from.0), f64::from(from.1));
    let scale = (width / f64::from(to.0)).min(height / f64::from(to.1));
    let (w, h) = ((f64::from(to.0) * scale).min(width), (f64::from(to.1) * scale).min(height));
    ((width - w) / 2.0, (height - h) / 2.0, w, h)
}

fn scale<P: PixelTrait<Component: bytemuck::Pod>>(
    samples: &[P::Component],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<P::Component>, InvalidPicture> {
    if from.0 == 0 || from.1 == 0 || to.0 == 0 || to.1 == 0 {
        return Err(InvalidPicture(format!("a size is zero: {from:?} to {to:?}")));
    }
    let channels = P::count_of_components();
    let expected = from.0 as usize * from.1 as usize * channels;
    if samples.len() != expected {
        return Err(InvalidPicture(format!("{} samples, not {expected}", samples.len())));
    }
    let invalid = |error: &dyn std::fmt::Display| InvalidPicture(error.to_string());
    let bytes = bytemuck::cast_slice(samples);
    let source = TypedImageRef::<P>::from_buffer(from.0, from.1, bytes).map_err(|e| invalid(&e))?;
    let mut buffer = vec![bytemuck::Zeroable::zeroed(); to.0 as usize * to.1 as usize * channels];
    let bytes = bytemuck::cast_slice_mut(&mut buffer);
    let mut target = TypedImage::<P>::from_buffer(to.0, to.1, bytes).map_err(|e| invalid(&e))?;
    let kernel = match filter {
        Filter::Area => FilterType::Box,
        Filter::Bilinear => FilterType::Bilinear,
        Filter::Bicubic => FilterType::CatmullRom,
        Filter::Lanczos3 => FilterType::Lanczos3,
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(kernel)).crop(crop.0, crop.1, crop.2, crop.3);
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(|e| invalid(&e))?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_picture_stays_flat_with_every_filter() {
        for filter in [Filter::Area, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos3] {
            for to in [(1, 1), (7, 3), (64, 200)] {
                let scaled = rgb(&[90; 40 * 30 * 3], (40, 30), whole((40, 30)), to, filter).unwrap();
                assert!(scaled.iter().all(|&v| v == 90), "{filter:?} to {to:?}");
            }
        }
    }

    #[test]
    fn floats_keep_more_than_eight_bits() {
        let ramp: Vec<f32> = (0..64).map(|x| x as f32 / 1000.0).collect();
        let scaled = plane(&ramp, (64, 1), whole((64, 1)), (32, 1), Filter::Area).unwrap();
        assert!(scaled.iter().enumerate().all(|(x, value)| (value - (2 * x) as f32 / 1000.0 - 0.0005).abs() < 1e-6));
    }

    #[test]
    fn transparent_colours_do_not_bleed() {
        let pixels = [[255, 0, 0, 255], [0, 255, 0, 0]].concat();
        let scaled = rgba(&pixels, (2, 1), whole((2, 1)), (1, 1), Filter::Area).unwrap();
        assert_eq!(scaled[..3], [255, 0, 0]);
    }

    #[test]
    fn cover_keeps_the_centre() {
        assert_eq!(cover((200, 100), (50, 50)), (50.0, 0.0, 100.0, 100.0));
        assert_eq!(cover((100, 200), (100, 50)), (0.0, 75.0, 100.0, 50.0));
    }

    #[test]
    fn wrong_sizes_are_errors() {
        assert!(gray(&[0; 5], (2, 2), whole((2, 2)), (1, 1), Filter::Area).is_err());
        assert!(gray(&[], (0, 2), whole((0, 2)), (1, 1), Filter::Area).is_err());
        assert!(gray(&[0; 4], (2, 2), (1.0, 1.0, 5.0, 5.0), (1, 1), Filter::Area).is_err());
    }
}
