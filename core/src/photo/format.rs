//! File formats: what a file is, by its content, and what it should be, by its name.

use std::path::Path;

use crate::{Code, Error, Result};

/// A file format for photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageFormat {
    /// JPEG; 8 bit, no alpha.
    Jpeg,
    /// PNG; 8 or 16 bit, alpha, lossless.
    Png,
    /// WebP; 8 bit, alpha, lossy or lossless.
    Webp,
    /// TIFF; 8 or 16 bit, alpha, lossless.
    Tiff,
    /// AVIF; 8 bit, alpha. Written with the cargo feature `avif`, never read.
    Avif,
    /// HEIC; read with the cargo feature `heic`, never written.
    Heic,
}

impl ImageFormat {
    /// The format's name in reports, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Tiff => "tiff",
            Self::Avif => "avif",
            Self::Heic => "heic",
        }
    }

    /// The usual file extension, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Tiff => "tif",
            _ => self.as_str(),
        }
    }

    /// The format that a file name asks for.
    ///
    /// # Errors
    /// [`Code::PhotoFormat`] if the name has no extension or one of another format.
    pub fn from_path(path: &Path) -> Result<Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        Ok(match extension.as_str() {
            "jpg" | "jpeg" | "jpe" | "jfif" => Self::Jpeg,
            "png" => Self::Png,
            "webp" => Self::Webp,
            "tif" | "tiff" => Self::Tiff,
            "avif" => Self::Avif,
            "heic" | "heif" => Self::Heic,
            _ => {
                let message = format!("the extension `{extension}` is none of jpg, png, webp, tif and avif");
                return Err(Error::new(Code::PhotoFormat, message).at(path));
            }
        })
    }

    /// The format of `bytes`, by their first bytes alone.
    ///
    /// # Errors
    /// [`Code::PhotoEmpty`], [`Code::PhotoFormat`], or [`Code::PhotoTruncated`] if there are too few bytes to tell.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::new(Code::PhotoEmpty, "the photo has no bytes"));
        }
        let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
        if at(0, b"\xff\xd8\xff") {
            Ok(Self::Jpeg)
        } else if at(0, PNG_SIGNATURE) {
            Ok(Self::Png)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Ok(Self::Webp)
        } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].into_iter().any(|magic| at(0, magic)) {
            Ok(Self::Tiff)
        } else if at(4, b"ftyp") {
            of_brands(bytes)
        } else if SIGNATURES.iter().any(|magic| magic.starts_with(bytes)) || (at(0, b"RIFF") && bytes.len() < 12) {
            Err(Error::new(Code::PhotoTruncated, "the photo ends within its first bytes"))
        } else {
            let name = OTHERS.iter().find(|(magic, _)| at(0, magic)).map_or("an unknown format", |(_, name)| name);
            Err(Error::new(Code::PhotoFormat, format!("the data is {name}, not a supported photo format")))
        }
    }
}

pub(crate) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const SIGNATURES: [&[u8]; 5] = [b"\xff\xd8\xff", PNG_SIGNATURE, b"RIFF", b"II*\0", b"MM\0*"];

/// What people try, so that the message can say what it is.
const OTHERS: [(&[u8], &str); 8] = [
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop PSD"),
    (b"\0\0\x01\0", "an icon"),
    (b"<", "XML, SVG or HTML"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
];

/// The brands of an ISO media file: the major one first, then the compatible ones.
fn of_brands(bytes: &[u8]) -> Result<ImageFormat> {
    let size = bytes.first_chunk().map_or(0, |size| u32::from_be_bytes(*size)) as usize;
    let brands = bytes.get(8..size.clamp(12, 256).min(bytes.len())).unwrap_or_default();
    // Bytes 4..8 of the box's body are the minor version, not a brand.
    let brands = || brands.chunks_exact(4).enumerate().filter(|(i, _)| *i != 1).map(|(_, brand)| brand);
    if brands().any(|brand| brand == b"avif" || brand == b"avis") {
        return Ok(ImageFormat::Avif);
    }
    if brands().any(|brand| matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1")) {
        return Ok(ImageFormat::Heic);
    }
    Err(Error::new(Code::PhotoFormat, "the data is a video or another media file, not a supported photo format"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let heic = b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1";
        let avif = b"\0\0\0\x18ftypmif1\0\0\0\0avifmif1";
        for (bytes, format) in [
            (&b"\xff\xd8\xff\xe0"[..], ImageFormat::Jpeg),
            (b"\x89PNG\r\n\x1a\nrest", ImageFormat::Png),
            (b"RIFF\0\0\0\0WEBPVP8 ", ImageFormat::Webp),
            (b"II*\0", ImageFormat::Tiff),
            (b"MM\0+", ImageFormat::Tiff),
            (heic, ImageFormat::Heic),
            (avif, ImageFormat::Avif),
        ] {
            assert_eq!(ImageFormat::of(bytes).unwrap(), format);
        }
    }

    #[test]
    fn what_it_is_not_has_a_code_and_a_name() {
        let code = |bytes: &[u8]| ImageFormat::of(bytes).unwrap_err().code();
        assert_eq!(code(b""), Code::PhotoEmpty);
        assert_eq!(code(b"\x89PN"), Code::PhotoTruncated);
        assert_eq!(code(b"\0\0\0\x18ftypisom\0\0\0\0mp42isom"), Code::PhotoFormat);
        let gif = ImageFormat::of(b"GIF89a").unwrap_err();
        assert_eq!(gif.code(), Code::PhotoFormat);
        assert!(gif.message().contains("GIF"));
        assert_eq!(ImageFormat::from_path(Path::new("a.JPG")).unwrap(), ImageFormat::Jpeg);
        assert_eq!(ImageFormat::from_path(Path::new("a")).unwrap_err().code(), Code::PhotoFormat);
    }
}
