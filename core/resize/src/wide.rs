//! 16-bit samples and floats, without alpha.

use fast_image_resize::PixelTrait;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, U16, U16x3};

use crate::{Crop, Filter, InvalidPicture, Size, check, invalid, resample};

/// Scales one channel of 16 bit.
///
/// # Errors
/// As [`gray`](crate::gray).
pub fn gray16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    check(samples.len(), 1, from, to)?;
    let pixels: Vec<U16> = samples.iter().map(|&sample| U16::new(sample)).collect();
    Ok(scale(&pixels, from, crop, to, filter)?.pixels().iter().map(|pixel| pixel.0).collect())
}

/// Scales RGB of 16 bit.
///
/// # Errors
/// As [`gray`](crate::gray), with three samples a pixel.
pub fn rgb16(samples: &[u16], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<u16>, InvalidPicture> {
    check(samples.len(), 3, from, to)?;
    let pixels: Vec<U16x3> = samples.as_chunks().0.iter().map(|&pixel| U16x3::new(pixel)).collect();
    Ok(scale(&pixels, from, crop, to, filter)?.pixels().iter().flat_map(|pixel| pixel.0).collect())
}

/// Scales one channel of `f32`; values may leave their range where the filter rings.
///
/// # Errors
/// As [`gray`](crate::gray).
pub fn plane(samples: &[f32], from: Size, crop: Crop, to: Size, filter: Filter) -> Result<Vec<f32>, InvalidPicture> {
    check(samples.len(), 1, from, to)?;
    let pixels: Vec<F32> = samples.iter().map(|&sample| F32::new(sample)).collect();
    Ok(scale(&pixels, from, crop, to, filter)?.pixels().iter().map(|pixel| pixel.0).collect())
}

pub(crate) fn scale<P: PixelTrait>(
    pixels: &[P],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<TypedImage<'static, P>, InvalidPicture> {
    let source = TypedImageRef::new(from.0, from.1, pixels).map_err(invalid)?;
    let mut target = TypedImage::new(to.0, to.1);
    resample(&source, &mut target, crop, filter)?;
    Ok(target)
}
