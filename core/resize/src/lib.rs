//! Resampling of pictures with 8 or 16 bits a sample, and of planes of floats, compiled once.
//!
//! The underlying resampler generates code for every pixel type in the crate that calls it. These functions are not
//! generic, so the crates above them compile in seconds, and no other crate depends on the resampler.
//!
//! All functions take interleaved samples, row by row, in their own encoding (no linearisation),
//! and scale a rectangle `crop` of the source to the whole destination. Down-scaling is antialiased.

mod wide;

pub use wide::{gray_alpha, gray_alpha16, gray16, plane, rgb16, rgba, rgba16};

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
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

fn scale<P: PixelTrait<Component = u8>>(
    samples: &[u8],
    from: Size,
    crop: Crop,
    to: Size,
    filter: Filter,
) -> Result<Vec<u8>, InvalidPicture> {
    let channels = P::count_of_components();
    check(samples.len(), channels, from, to)?;
    let source = TypedImageRef::<P>::from_buffer(from.0, from.1, samples).map_err(invalid)?;
    let mut buffer = vec![0_u8; to.0 as usize * to.1 as usize * channels];
    let mut target = TypedImage::<P>::from_buffer(to.0, to.1, &mut buffer).map_err(invalid)?;
    resample(&source, &mut target, crop, filter)?;
    Ok(buffer)
}

fn check(samples: usize, channels: usize, from: Size, to: Size) -> Result<(), InvalidPicture> {
    if from.0 == 0 || from.1 == 0 || to.0 == 0 || to.1 == 0 {
        return Err(InvalidPicture(format!("a size is zero: {from:?} to {to:?}")));
    }
    let expected = from.0 as usize * from.1 as usize * channels;
    if samples != expected {
        return Err(InvalidPicture(format!("{samples} samples, not {expected}")));
    }
    Ok(())
}

/// Resamples every channel independently, including alpha.
fn resample<P: PixelTrait>(
    source: &TypedImageRef<'_, P>,
    target: &mut TypedImage<'_, P>,
    crop: Crop,
    filter: Filter,
) -> Result<(), InvalidPicture> {
    let kernel = match filter {
        Filter::Area => FilterType::Box,
        Filter::Bilinear => FilterType::Bilinear,
        Filter::Bicubic => FilterType::CatmullRom,
        Filter::Lanczos3 => FilterType::Lanczos3,
    };
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(kernel))
        .crop(crop.0, crop.1, crop.2, crop.3)
        .use_alpha(false);
    Resizer::new().resize_typed(source, target, &options).map_err(invalid)
}

fn invalid(error: impl std::fmt::Display) -> InvalidPicture {
    InvalidPicture(error.to_string())
}
