//! The options of the file that a command writes.

use clap::{Args, ValueEnum};
use packshot::api::Encode;
use packshot::{EncodeOptions, Fit, ImageFormat, MetadataMode, ProfileMode, Result, Size};

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
    #[arg(long, value_name = "BYTES", value_parser = bytes, help_heading = "File")]
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
    pub(crate) fn options(&self, frame: Option<&Frame>) -> Result<EncodeOptions> {
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
        let wanted = Encode {
            format: Some(format),
            quality: self.quality,
            metadata: Some(metadata),
            size: frame.and_then(|frame| frame.size),
            fit: frame.and_then(|frame| frame.fit),
            max_bytes: self.max_bytes,
            dpi: self.dpi,
            profile: self.profile,
            ..Encode::default()
        };
        EncodeOptions::read(&wanted, None)
    }
}

/// A number of bytes, with a unit or without: kB and MB count in thousands, KiB and MiB in 1,024s.
fn bytes(text: &str) -> std::result::Result<u64, String> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        _ => return Err(format!("`{unit}` is no unit of bytes: B, kB, MB, KiB or MiB")),
    };
    let bytes = number.parse::<f64>().map_err(|_| "write a number of bytes, such as 200kB or 1MB".to_owned())? * factor;
    // 2^53: up to there every whole number is exact.
    if (1.0..9e15).contains(&bytes) { Ok(bytes as u64) } else { Err("a file has at least 1 byte".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_units() {
        for (text, count) in [("200kB", 200_000), ("1MB", 1_000_000), ("1.5 mb", 1_500_000), ("2KiB", 2048), ("77", 77)]
        {
            assert_eq!(bytes(text), Ok(count), "{text}");
        }
        for text in ["", "kB", "0", "-5", "1 GB", "1..5kB", "1e9", "99999999999999999999"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
