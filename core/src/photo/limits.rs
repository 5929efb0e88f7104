//! Limits on photos, checked from the file's headers before anything of that size is allocated.

use crate::error::{Code, Error, Result};

/// Most pixels of a photo, unless the caller allows more; and of a picture that is made larger than its photo.
pub(crate) const MAX_PIXELS: u64 = 120_000_000;

/// Bounds on what decoding one photo may take. A limit of zero refuses everything of its kind.
///
/// With all buffers, decoding takes up to about 20 bytes a pixel (a progressive CMYK JPEG), besides the file itself and
/// a few copies of profile and metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Width times height. Default 120 million: the largest common cameras and phones make 102 and 108 million, and
    /// as 8-bit RGB the pixels take 360 MB.
    pub max_pixels: u64,
    /// Bytes of the file. Default 512 MiB: an uncompressed 16-bit TIFF of 80 million pixels.
    pub max_bytes: u64,
    /// Frames of an animation, or pages of a TIFF; only the first is decoded. Default 1,000.
    pub max_frames: u32,
    /// Bytes of the ICC profile, uncompressed. Default 4 MiB; profiles of presses take 1 to 3.
    pub max_profile_bytes: u64,
    /// Bytes of the EXIF block, and of the XMP packet. Default 4 MiB. A larger one is skipped when the photo is read,
    /// and saving with a mode that would keep it fails.
    pub max_metadata_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: MAX_PIXELS,
            max_bytes: 512 << 20,
            max_frames: 1_000,
            max_profile_bytes: 4 << 20,
            max_metadata_bytes: 4 << 20,
        }
    }
}

impl Limits {
    pub(crate) fn check_bytes(&self, bytes: u64) -> Result<()> {
        check(bytes, self.max_bytes, Code::LimitBytes, "bytes")
    }

    /// Also refuses a picture without pixels, so that callers may divide by the size.
    pub(crate) fn check_size(&self, width: u64, height: u64) -> Result<()> {
        if width == 0 || height == 0 {
            return Err(Error::new(Code::PhotoCorrupt, format!("the photo is {width} x {height} pixels")));
        }
        check(width.saturating_mul(height), self.max_pixels, Code::LimitPixels, "pixels")
            .map_err(|error| error.with("size", format!("{width} x {height}")))
    }

    pub(crate) fn check_frames(&self, frames: u64) -> Result<()> {
        check(frames, u64::from(self.max_frames), Code::LimitFrames, "frames")
    }

    pub(crate) fn check_profile(&self, bytes: u64) -> Result<()> {
        check(bytes, self.max_profile_bytes, Code::LimitProfile, "bytes of colour profile")
    }

    pub(crate) fn check_metadata(&self, bytes: u64) -> Result<()> {
        check(bytes, self.max_metadata_bytes, Code::LimitMetadata, "bytes of metadata")
    }
}

fn check(found: u64, limit: u64, code: Code, what: &str) -> Result<()> {
    if found > limit {
        return Err(Error::new(code, format!("the photo has {found} or more {what}; the limit is {limit}")));
    }
    Ok(())
}
