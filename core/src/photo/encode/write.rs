use std::borrow::Cow;

use super::{EncodeOptions, budget, frame};
use crate::error::{Code, Error, Result};
use crate::photo::codec::{Picture, jpeg, png, tiff, webp};
use crate::photo::{ImageFormat, Photo, PngCompression, ProfileMode, color};

/// The bytes of the file, and width and height of its picture.
pub(in crate::photo) fn encode(photo: &Photo, options: &EncodeOptions) -> Result<(Vec<u8>, (u32, u32))> {
    options.check()?;
    let webp = options.format == ImageFormat::Webp;
    // Our AVIF encoder cannot embed a profile, and WebP has neither gray nor profiles for it.
    let needed = options.format == ImageFormat::Avif || (webp && photo.channels.is_gray());
    let converted = needed || options.profile != ProfileMode::Keep;
    let photo = if converted { Cow::Owned(photo.to_srgb()) } else { Cow::Borrowed(photo) };
    let photo = frame::framed(photo, options)?;
    let wide = matches!(options.format, ImageFormat::Png | ImageFormat::Tiff);
    let photo = if wide { photo } else { Cow::Owned(photo.to_8bit()) };
    let flat = options.format == ImageFormat::Jpeg && photo.has_alpha();
    let photo = if flat { Cow::Owned(photo.flattened(options.background.unwrap_or(frame::WHITE))) } else { photo };
    let srgb = match options.profile == ProfileMode::Srgb && options.format != ImageFormat::Avif {
        true => Some(color::srgb_profile(photo.channels.is_gray() && !webp)?),
        false => None,
    };
    let mut metadata = photo.metadata.for_saving(options.metadata, photo.width, photo.height)?;
    if let Some(dpi) = options.dpi {
        // These formats have no other field for it.
        let needed = matches!(options.format, ImageFormat::Webp | ImageFormat::Avif);
        metadata.set_resolution(dpi, needed);
    }
    let picture = Picture {
        width: photo.width,
        height: photo.height,
        channels: photo.channels,
        samples: photo.samples(),
        profile: srgb.as_deref().or(photo.profile()),
        metadata: &metadata,
    };
    // From here on `png` is the effort of any lossless encoder; those of other formats begin with the lowest.
    let first = match options.format {
        ImageFormat::Png => options.clone(),
        _ => options.clone().png(PngCompression::Fast),
    };
    let bytes = budget::within(&first, |options| file(&picture, options))?;
    Ok((bytes, (picture.width, picture.height)))
}

fn file(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    match options.format {
        ImageFormat::Jpeg => jpeg::encode(picture, options),
        ImageFormat::Png => png::encode(picture, options),
        ImageFormat::Webp => webp::encode(picture, options),
        ImageFormat::Tiff => tiff::encode(picture, options),
        #[cfg(feature = "avif")]
        ImageFormat::Avif => crate::photo::codec::avif::encode(picture, options),
        // The options were checked.
        other => Err(Error::new(Code::Internal, format!("there is no encoder for {other}"))),
    }
}
