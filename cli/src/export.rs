//! The options of the file that a command writes.

use clap::{Args, ValueEnum};
use packshot::api::{Encode, parse_bytes};
use packshot::{Fit, ImageFormat, MetadataMode, ProfileMode, Size};

/// The size of the picture in the file.
#[derive(Debug, Args)]
pub(crate) struct Frame {
    /// Size in pixels: 2000 (longer side), 1200x (width), x800 (height) or 1200x800
    #[arg(long, value_name = "SIZE", help_heading = "File")]
    size: Option<Size>,
    /// How to get that size: inside (never enlarged), pad or cover (exactly; one number is a square)
    #[arg(long, value_name = "HOW", requires = "size", help_heading = "File")]
    fit: Option<Fit>,
}

/// The rest of how it is written.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// png, jpeg, webp or tiff
    #[arg(long, value_name = "FORMAT", default_value = "png", help_heading = "File")]
    format: FormatArg,
    /// Quality of JPEG and of lossy WebP, 1 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100), help_heading = "File")]
    quality: Option<u8>,
    /// Most bytes of the file, such as 200kB or 1MB: quality is lowered until it fits, but not below 30
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, help_heading = "File")]
    max_bytes: Option<u64>,
    /// Dots per inch that the file states
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_535), help_heading = "File")]
    dpi: Option<u32>,
    /// The file's colour profile: keep (what the photo still has), srgb, or none (but converted to sRGB)
    #[arg(long, value_name = "WHICH", help_heading = "File")]
    profile: Option<ProfileMode>,
    /// What becomes of EXIF and XMP
    #[arg(long, value_enum, default_value_t = MetadataArg::Strip, help_heading = "File")]
    metadata: MetadataArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Png,
    #[value(alias = "jpg")]
    Jpeg,
    Webp,
    #[value(alias = "tif")]
    Tiff,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum MetadataArg {
    /// Write none
    Strip,
    /// Keep what cannot identify a place, a device or a person
    KeepSafe,
    /// Keep all of it, GPS position included
    Keep,
}

impl Export {
    /// The options of a file, in the photo's own size if there is no `frame`.
    pub(crate) fn options(&self, frame: Option<&Frame>) -> Encode {
        let format = match self.format {
            FormatArg::Png => ImageFormat::Png,
            FormatArg::Jpeg => ImageFormat::Jpeg,
            FormatArg::Webp => ImageFormat::Webp,
            FormatArg::Tiff => ImageFormat::Tiff,
        };
        let metadata = match self.metadata {
            MetadataArg::Strip => MetadataMode::Strip,
            MetadataArg::KeepSafe => MetadataMode::KeepSafe,
            MetadataArg::Keep => MetadataMode::Keep,
        };
        Encode {
            format: Some(format),
            quality: self.quality,
            metadata: Some(metadata),
            size: frame.and_then(|frame| frame.size),
            fit: frame.and_then(|frame| frame.fit),
            max_bytes: self.max_bytes,
            dpi: self.dpi,
            profile: self.profile,
            ..Encode::default()
        }
    }
}
