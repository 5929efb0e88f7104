use std::path::Path;

use super::frame;
use crate::color::Color;
use crate::error::{Code, Error, Result};
use crate::photo::{Chroma, Fit, ImageFormat, MetadataMode, PngCompression, ProfileMode, Size, format};

/// The densities that a JPEG can state.
const MAX_DPI: u32 = 65_535;

/// How a photo is written. Fields for other formats are ignored.
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
    /// JPEG: the colour behind transparent parts; in every format, the colour of the padding of [`Fit::Pad`]. 8-bit
    /// sRGB, converted to the photo's own profile if it keeps one; a gray photo that gets a colour becomes sRGB. By
    /// default white; padding is transparent if both the photo and the format have alpha.
    pub background: Option<[u8; 3]>,
    /// Which of the original's metadata is written. Default [`MetadataMode::Strip`]. AVIF carries EXIF but no XMP.
    pub metadata: MetadataMode,
    /// The size of the picture, sides from 1 to 65,535 pixels; by default the photo's. It is scaled by Lanczos with
    /// three lobes, on the encoded values, colours weighted by alpha; 16 bit and gray are kept.
    pub size: Option<Size>,
    /// How the photo gets `size`. Default [`Fit::Inside`]: no side longer than `size` says, and never enlarged.
    /// [`Fit::Pad`] and [`Fit::Cover`] give exactly the width and height of a box such as `1200x800`, or a square if
    /// `size` is one number, of at most 120 million pixels; they are refused with `1200x`, `x800` or no size.
    pub fit: Fit,
    /// The most bytes of the file, metadata and profile included, at least 1; by default unlimited.
    ///
    /// JPEG, lossy WebP and AVIF are written with the highest quality that fits, from `quality` down to 30 (or to
    /// `quality`, if that is lower), found by bisection: at most eight encodings. PNG, TIFF and lossless WebP are
    /// compressed harder, in up to three attempts, and stay lossless.
    pub max_bytes: Option<u64>,
    /// Dots per inch stated in the file, 1 to 65,535; no pixel changes. By default that of the format and of the
    /// metadata that is kept. JPEG, PNG and TIFF have fields for it; for WebP and AVIF it is written to an EXIF block,
    /// which is added if needed. Kept EXIF is updated to the same value.
    pub dpi: Option<u32>,
    /// The colour profile in the file. Default [`ProfileMode::Keep`]. AVIF is always converted to sRGB, and declares
    /// that without a profile.
    pub profile: ProfileMode,
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
            background: None,
            metadata: MetadataMode::Strip,
            size: None,
            fit: Fit::Inside,
            max_bytes: None,
            dpi: None,
            profile: ProfileMode::Keep,
        }
    }

    /// Reads `wanted`. The format is the one it names, or that of the file's extension, or PNG without a file.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for a background that is not an opaque colour, those of [`check`](Self::check), and
    /// [`Code::PhotoFormat`] for a file name without a known extension.
    pub fn read(wanted: &packshot_api::Encode, file: Option<&Path>) -> Result<Self> {
        let packshot_api::Encode { format, quality, chroma, lossless, png, background, metadata, .. } = wanted;
        let packshot_api::Encode { size, fit, max_bytes, dpi, profile, .. } = wanted;
        let format = match (format, file) {
            (Some(format), _) => *format,
            (None, Some(file)) => format::from_path(file)?,
            (None, None) => ImageFormat::Png,
        };
        let default = Self::new(format);
        let background = background.as_deref().map(|text| text.parse::<Color>()?.opaque()).transpose();
        let background = background.map_err(|error: Error| error.with("option", "background"))?;
        let options = Self {
            format,
            quality: quality.unwrap_or(default.quality),
            chroma: chroma.unwrap_or(default.chroma),
            lossless: lossless.unwrap_or(default.lossless),
            png: png.unwrap_or(default.png),
            background,
            metadata: metadata.unwrap_or(default.metadata),
            size: *size,
            fit: fit.unwrap_or(default.fit),
            max_bytes: *max_bytes,
            dpi: *dpi,
            profile: profile.unwrap_or(default.profile),
        };
        options.check()?;
        Ok(options)
    }

    /// Checks the options without a photo; writing checks them too.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] with the option and its range; [`Code::PhotoFormatDisabled`] for a format that this
    /// build does not write.
    pub fn check(&self) -> Result<()> {
        let disabled = |message: &str| Err(Error::new(Code::PhotoFormatDisabled, message).with("option", "format"));
        match self.format {
            ImageFormat::Heic => return disabled("no build writes HEIC"),
            ImageFormat::Avif if !cfg!(feature = "avif") => {
                return disabled("writing AVIF needs the cargo feature `avif`");
            }
            _ => {}
        }
        let range = |name: &str, value: u64, most: u64| match (1..=most).contains(&value) {
            true => Ok(()),
            false => {
                let message = format!("{name} is {value}; it must be 1 to {most}");
                Err(Error::new(Code::OptionInvalid, message).with("option", name))
            }
        };
        range("quality", u64::from(self.quality), 100)?;
        self.dpi.map_or(Ok(()), |dpi| range("dpi", u64::from(dpi), u64::from(MAX_DPI)))?;
        if self.max_bytes == Some(0) {
            let message = "max_bytes is 0; a file has at least 1 byte";
            return Err(Error::new(Code::OptionInvalid, message).with("option", "max_bytes"));
        }
        frame::check(self.size, self.fit)
    }

    /// With another quality, 1 to 100.
    #[must_use]
    pub fn quality(self, quality: u8) -> Self {
        Self { quality, ..self }
    }

    /// With another colour resolution for JPEG.
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

    /// With this colour behind transparent parts in a JPEG, and in padding.
    #[must_use]
    pub fn background(self, background: [u8; 3]) -> Self {
        Self { background: Some(background), ..self }
    }

    /// With a size, and how to reach it.
    #[must_use]
    pub fn size(self, size: Size, fit: Fit) -> Self {
        Self { size: Some(size), fit, ..self }
    }

    /// With at most this many bytes.
    #[must_use]
    pub fn max_bytes(self, max_bytes: u64) -> Self {
        Self { max_bytes: Some(max_bytes), ..self }
    }

    /// With a resolution, in dots per inch.
    #[must_use]
    pub fn dpi(self, dpi: u32) -> Self {
        Self { dpi: Some(dpi), ..self }
    }

    /// With another colour profile.
    #[must_use]
    pub fn profile(self, profile: ProfileMode) -> Self {
        Self { profile, ..self }
    }

    /// With metadata kept or not.
    #[must_use]
    pub fn metadata(self, metadata: MetadataMode) -> Self {
        Self { metadata, ..self }
    }
}
