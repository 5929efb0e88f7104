//! File formats: detects them by content for reading, and by extension for writing.

use std::path::Path;

use packshot_api::ImageFormat;

use crate::error::{Code, Error, Result};

/// The format of a file name's extension.
///
/// # Errors
/// [`Code::PhotoFormat`] if the name has no extension or one of another format.
pub(super) fn from_path(path: &Path) -> Result<ImageFormat> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    Ok(match extension.as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => ImageFormat::Jpeg,
        "png" => ImageFormat::Png,
        "webp" => ImageFormat::Webp,
        "tif" | "tiff" => ImageFormat::Tiff,
        "avif" => ImageFormat::Avif,
        "heic" | "heif" => ImageFormat::Heic,
        _ => {
            let found = match extension.as_str() {
                "" => "the file's name has no extension".to_owned(),
                other => format!("`.{other}` is not an extension for photos"),
            };
            let message = format!("{found}; write .jpg, .png, .webp or .tif");
            return Err(Error::new(Code::PhotoFormat, message).at(path));
        }
    })
}

/// Detects the format of `bytes` by their first bytes.
///
/// # Errors
/// [`Code::PhotoEmpty`], [`Code::PhotoFormat`], or [`Code::PhotoTruncated`] if there are too few bytes to tell.
pub(super) fn of(bytes: &[u8]) -> Result<ImageFormat> {
    if bytes.is_empty() {
        return Err(Error::new(Code::PhotoEmpty, "the photo has no bytes"));
    }
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    if at(0, b"\xff\xd8\xff") {
        Ok(ImageFormat::Jpeg)
    } else if at(0, PNG_SIGNATURE) {
        Ok(ImageFormat::Png)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Ok(ImageFormat::Webp)
    } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].into_iter().any(|magic| at(0, magic)) {
        Ok(ImageFormat::Tiff)
    } else if at(4, b"ftyp") {
        of_brands(bytes)
    } else if SIGNATURES.iter().any(|magic| magic.starts_with(bytes)) || (at(0, b"RIFF") && bytes.len() < 12) {
        Err(Error::new(Code::PhotoTruncated, "the photo ends within its first bytes"))
    } else {
        let message = match OTHERS.iter().find(|(magic, _)| at(0, magic)) {
            Some((_, name)) => format!("the data is {name}, not a supported photo format"),
            None => "the data is not a photo in a supported format".to_owned(),
        };
        Err(Error::new(Code::PhotoFormat, message))
    }
}
pub(crate) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const SIGNATURES: [&[u8]; 5] = [b"\xff\xd8\xff", PNG_SIGNATURE, b"RIFF", b"II*\0", b"MM\0*"];

/// Other formats that people try, for a helpful message.
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
            assert_eq!(of(bytes).unwrap(), format);
        }
    }

    #[test]
    fn what_it_is_not_has_a_code_and_a_name() {
        let code = |bytes: &[u8]| of(bytes).unwrap_err().code();
        assert_eq!(code(b""), Code::PhotoEmpty);
        assert_eq!(code(b"\x89PN"), Code::PhotoTruncated);
        assert_eq!(code(b"\0\0\0\x18ftypisom\0\0\0\0mp42isom"), Code::PhotoFormat);
        let gif = of(b"GIF89a").unwrap_err();
        assert_eq!(gif.code(), Code::PhotoFormat);
        assert!(gif.message().contains("GIF"));
        assert_eq!(from_path(Path::new("a.JPG")).unwrap(), ImageFormat::Jpeg);
        assert_eq!(from_path(Path::new("a")).unwrap_err().code(), Code::PhotoFormat);
    }
}
