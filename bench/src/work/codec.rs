//! Codecs and resampling: Packshot's, and the libraries that it is measured against.

use std::fs;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use packshot::{Channels, EncodeOptions, ImageFormat, Photo, Samples};
use packshot_resize as resize;

use crate::serve::Fault;

/// A file to samples.
pub(super) fn decode(photo: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let bytes = fs::read(photo)?;
    Ok(move || match Photo::decode(&bytes)?.into_samples() {
        Samples::U8(samples) => Ok(samples),
        Samples::U16(_) => Err("8 bit are expected".into()),
    })
}

/// RGB to a JPEG with colour at half resolution.
pub(super) fn jpeg(
    samples: &str,
    width: u32,
    height: u32,
    quality: u8,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let photo = Photo::new(width, height, Channels::Rgb, fs::read(samples)?)?;
    let options = EncodeOptions::new(ImageFormat::Jpeg).quality(quality);
    Ok(move || Ok(photo.encode(&options)?))
}

/// RGBA to a PNG.
pub(super) fn png(samples: &str, width: u32, height: u32) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let photo = Photo::new(width, height, Channels::Rgba, fs::read(samples)?)?;
    let options = EncodeOptions::new(ImageFormat::Png);
    Ok(move || Ok(photo.encode(&options)?))
}

/// RGB to another size.
pub(super) fn resize(
    samples: &str,
    from: resize::Size,
    to: resize::Size,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let samples = fs::read(samples)?;
    Ok(move || Ok(resize::rgb(&samples, from, resize::whole(from), to, resize::Filter::Lanczos3)?))
}

/// The same with fast_image_resize; by type, for otherwise it takes a minute to compile.
pub(super) fn fast_image_resize(
    samples: &str,
    from: resize::Size,
    to: resize::Size,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let samples = fs::read(samples)?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let mut resizer = Resizer::new();
    Ok(move || {
        let source = TypedImageRef::<U8x3>::from_buffer(from.0, from.1, &samples)?;
        let mut answer = vec![0; to.0 as usize * to.1 as usize * 3];
        let mut target = TypedImage::<U8x3>::from_buffer(to.0, to.1, &mut answer)?;
        resizer.resize_typed(&source, &mut target, &options)?;
        Ok(answer)
    })
}

/// libjpeg-turbo: a file to samples.
#[cfg(feature = "turbo")]
pub(super) fn turbojpeg_decode(photo: &str) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let bytes = fs::read(photo)?;
    Ok(move || Ok(turbojpeg::decompress(&bytes, turbojpeg::PixelFormat::RGB)?.pixels))
}

/// libjpeg-turbo: RGB to a file with colour at half resolution.
#[cfg(feature = "turbo")]
pub(super) fn turbojpeg_encode(
    samples: &str,
    width: usize,
    height: usize,
    quality: i32,
) -> Result<impl FnMut() -> Result<Vec<u8>, Fault>, Fault> {
    let samples = fs::read(samples)?;
    Ok(move || {
        let format = turbojpeg::PixelFormat::RGB;
        let image = turbojpeg::Image { pixels: samples.as_slice(), width, pitch: width * 3, height, format };
        Ok(turbojpeg::compress(image, quality, turbojpeg::Subsamp::Sub2x2)?.to_vec())
    })
}
