//! From a photo to bytes: options, what each format cannot hold, and the way around it.

use std::borrow::Cow;
use std::path::Path;

use super::codec::{Picture, jpeg, png, tiff, webp};
use super::{Chroma, ImageFormat, MetadataMode, Photo, PngCompression, format};
use crate::{Code, Color, Error, Result};

/// How a photo is written. The fields that concern another format are ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EncodeOptions {
    /// The file format.
    pub format: ImageFormat,
    /// JPEG, lossy WebP, AVIF: 1 (worst) to 100 (best). Default 90.
    pub quality: u8,
    /// JPEG: resolution of colour. Default [`Chroma::Half`].
    pub chroma: Chroma,
    /// WebP: keep every sample as it is; `quality` is ignored. Default false.
    pub lossless: bool,
    /// PNG: time against size. Default [`PngCompression::Fast`].
    pub png: PngCompression,
    /// JPEG: what shows through where the photo is transparent, in 8-bit sRGB. Default white.
    pub background: [u8; 3],
    /// What of the original's metadata is written. Default [`MetadataMode::Strip`]. TIFF carries XMP but no EXIF,
    /// AVIF carries EXIF but no XMP.
    pub metadata: MetadataMode,
}

impl EncodeOptions {
    /// The defaults for `format`.
    #[must_use]
    pub fn new(format: ImageFormat) -> Self {
        Self {
            format,
            quality: 90,
            chroma: Chroma::Half,
            lossless: false,
            png: PngCompression::Fast,
            background: [255; 3],
            metadata: MetadataMode::Strip,
        }
    }

    /// What `wanted` says. The format is the one it names, or else the one that the name of the file asks for, or PNG
    /// where there is no file.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for a background that is no opaque colour, [`Code::PhotoFormat`] for a file name without a
    /// known extension.
    pub fn read(wanted: &packshot_api::Encode, file: Option<&Path>) -> Result<Self> {
        let packshot_api::Encode { format, quality, chroma, lossless, png, background, metadata, .. } = wanted;
        let format = match (format, file) {
            (Some(format), _) => *format,
            (None, Some(file)) => format::from_path(file)?,
            (None, None) => ImageFormat::Png,
        };
        let default = Self::new(format);
        let background = background.as_deref().map(|text| text.parse::<Color>()?.opaque()).transpose();
        let background = background.map_err(|error: Error| error.with("option", "background"))?;
        quality.map_or(Ok(()), check_quality)?;
        Ok(Self {
            format,
            quality: quality.unwrap_or(default.quality),
            chroma: chroma.unwrap_or(default.chroma),
            lossless: lossless.unwrap_or(default.lossless),
            png: png.unwrap_or(default.png),
            background: background.unwrap_or(default.background),
            metadata: metadata.unwrap_or(default.metadata),
        })
    }

    /// With another quality, 1 to 100.
    #[must_use]
    pub fn quality(self, quality: u8) -> Self {
        Self { quality, ..self }
    }

    /// With JPEG's colour at another resolution.
    #[must_use]
    pub fn chroma(self, chroma: Chroma) -> Self {
        Self { chroma, ..self }
    }

    /// With WebP lossless or lossy.
    #[must_use]
    pub fn lossless(self, lossless: bool) -> Self {
        Self { lossless, ..self }
    }

    /// With another PNG compression.
    #[must_use]
    pub fn png(self, png: PngCompression) -> Self {
        Self { png, ..self }
    }

    /// With another background for JPEG.
    #[must_use]
    pub fn background(self, background: [u8; 3]) -> Self {
        Self { background, ..self }
    }

    /// With metadata kept or not.
    #[must_use]
    pub fn metadata(self, metadata: MetadataMode) -> Self {
        Self { metadata, ..self }
    }
}

fn check_quality(quality: u8) -> Result<()> {
    match quality {
        1..=100 => Ok(()),
        _ => {
            let message = format!("quality is {quality}; it goes from 1 to 100");
            Err(Error::new(Code::OptionInvalid, message).with("option", "quality"))
        }
    }
}

pub(super) fn encode(photo: &Photo, options: &EncodeOptions) -> Result<Vec<u8>> {
    check_quality(options.quality)?;
    // AVIF has no way to carry a profile here.
    let photo = if options.format == ImageFormat::Avif { Cow::Owned(photo.to_srgb()) } else { Cow::Borrowed(photo) };
    let wide = matches!(options.format, ImageFormat::Png | ImageFormat::Tiff);
    let photo = if wide { photo } else { Cow::Owned(photo.to_8bit()) };
    let flat;
    let (channels, samples) = match options.format == ImageFormat::Jpeg && photo.has_alpha() {
        false => (photo.channels, photo.samples()),
        true => {
            flat = photo.samples.flatten(photo.channels, options.background);
            (flat.0, &flat.1)
        }
    };
    let picture = Picture {
        width: photo.width,
        height: photo.height,
        channels,
        samples,
        // Laid on a coloured background, gray is gray no more, and its profile means nothing.
        profile: photo.profile().filter(|_| channels.is_gray() == photo.channels.is_gray()),
        metadata: &photo.metadata.for_saving(options.metadata, photo.width, photo.height),
    };
    match options.format {
        ImageFormat::Jpeg => jpeg::encode(&picture, options),
        ImageFormat::Png => png::encode(&picture, options),
        ImageFormat::Webp => webp::encode(&picture, options),
        ImageFormat::Tiff => tiff::encode(&picture),
        #[cfg(feature = "avif")]
        ImageFormat::Avif => super::codec::avif::encode(&picture, options),
        #[cfg(not(feature = "avif"))]
        ImageFormat::Avif => Err(Error::new(Code::PhotoFormatDisabled, "writing AVIF needs the cargo feature `avif`")),
        ImageFormat::Heic => Err(Error::new(Code::PhotoFormatDisabled, "no build writes HEIC")),
    }
}
