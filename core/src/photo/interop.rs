//! Conversion from and to the types of the `image` crate.

use image::{DynamicImage, ImageBuffer, Luma, LumaA, Rgb, Rgba};

use super::{Channels, Photo, Samples};
use crate::error::Result;

/// 8 and 16 bit pictures keep their samples; floating point ones become 16 bit. The picture is assumed to be sRGB.
impl TryFrom<DynamicImage> for Photo {
    type Error = crate::error::Error;

    fn try_from(image: DynamicImage) -> Result<Self> {
        let (width, height) = (image.width(), image.height());
        let (channels, samples) = match image {
            DynamicImage::ImageLuma8(image) => (Channels::Gray, Samples::U8(image.into_raw())),
            DynamicImage::ImageLumaA8(image) => (Channels::GrayAlpha, Samples::U8(image.into_raw())),
            DynamicImage::ImageRgb8(image) => (Channels::Rgb, Samples::U8(image.into_raw())),
            DynamicImage::ImageRgba8(image) => (Channels::Rgba, Samples::U8(image.into_raw())),
            DynamicImage::ImageLuma16(image) => (Channels::Gray, Samples::U16(image.into_raw())),
            DynamicImage::ImageLumaA16(image) => (Channels::GrayAlpha, Samples::U16(image.into_raw())),
            DynamicImage::ImageRgb16(image) => (Channels::Rgb, Samples::U16(image.into_raw())),
            other if !other.color().has_alpha() => (Channels::Rgb, Samples::U16(other.into_rgb16().into_raw())),
            other => (Channels::Rgba, Samples::U16(other.into_rgba16().into_raw())),
        };
        Self::new(width, height, channels, samples)
    }
}

/// Keeps the samples; a photo with a colour profile is converted to sRGB first, and metadata is dropped.
impl From<Photo> for DynamicImage {
    fn from(photo: Photo) -> Self {
        let photo = photo.to_srgb();
        let (width, height, channels) = (photo.width(), photo.height(), photo.channels());
        // `ImageBuffer::from_raw` fails only when the samples are too few, which no photo has.
        let image = match (photo.into_samples(), channels) {
            (Samples::U8(raw), Channels::Gray) => {
                ImageBuffer::<Luma<u8>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U8(raw), Channels::GrayAlpha) => {
                ImageBuffer::<LumaA<u8>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U8(raw), Channels::Rgb) => {
                ImageBuffer::<Rgb<u8>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U8(raw), Channels::Rgba) => {
                ImageBuffer::<Rgba<u8>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U16(raw), Channels::Gray) => {
                ImageBuffer::<Luma<u16>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U16(raw), Channels::GrayAlpha) => {
                ImageBuffer::<LumaA<u16>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U16(raw), Channels::Rgb) => {
                ImageBuffer::<Rgb<u16>, _>::from_raw(width, height, raw).map(Into::into)
            }
            (Samples::U16(raw), Channels::Rgba) => {
                ImageBuffer::<Rgba<u16>, _>::from_raw(width, height, raw).map(Into::into)
            }
        };
        image.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_nothing_changes() {
        for channels in [Channels::Gray, Channels::GrayAlpha, Channels::Rgb, Channels::Rgba] {
            let count = 6 * channels.count();
            let shallow = Photo::new(3, 2, channels, (0..count as u8).collect::<Vec<_>>()).unwrap();
            let deep = Photo::new(3, 2, channels, (0..count as u16).map(|v| v * 999).collect::<Vec<_>>()).unwrap();
            for photo in [shallow, deep] {
                assert_eq!(Photo::try_from(DynamicImage::from(photo.clone())).unwrap(), photo);
            }
        }
    }
}
