//! Estimates a call's memory from the photo's header, before anything is decoded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use packshot_api::Recipe;

use crate::photo::{Photo, Source};

/// Peak bytes per input pixel. A cut-out with fine edges takes about 16 (12 million pixels: 223 MB for the whole
/// process), decoding a progressive CMYK JPEG 20.
const BYTES_PER_PIXEL: u64 = 24;
/// Bytes per pixel added by upscaling: two copies with alpha, and the encoder's.
const BYTES_PER_ADDED_PIXEL: u64 = 16;
/// Bytes per photo of any size: the model's tensors.
const BYTES_PER_PHOTO: u64 = 64 << 20;
/// Assumed pixels per compressed byte when the header is unreadable.
const PIXELS_PER_BYTE: u64 = 8;
/// Bytes at the start of a file that are searched for headers; in many JPEGs, profiles and thumbnails precede the size.
const HEAD: u64 = 256 << 10;
/// Files up to this size are read as a whole if the head has no size: a TIFF may have its directory at the end.
const WHOLE: u64 = 64 << 20;

/// Estimated bytes for work on the photo in `file`. `largest` returns, for the photo's width and height, the pixel
/// count of the largest intermediate picture.
pub(crate) fn of_file(file: &[u8], largest: impl Fn((u32, u32)) -> u64) -> u64 {
    let bytes = file.len() as u64;
    bytes.saturating_add(of_size(Photo::size_of(file).unwrap_or_else(|| assumed(bytes)), largest))
}

/// The same for the photo of `source`.
pub(crate) fn of_source(source: &Source, largest: impl Fn((u32, u32)) -> u64) -> u64 {
    match source {
        Source::Photo(photo) => of_size((photo.width(), photo.height()), largest),
        Source::Bytes(bytes) => of_file(bytes, largest),
        // An unreadable file fails soon, and takes no memory.
        Source::Path(path) => of_path(path, largest).unwrap_or(BYTES_PER_PHOTO),
    }
}

/// Returns, for a photo's width and height, the pixel count of the largest picture that the steps of `recipe` make.
pub(crate) fn largest_of(recipe: &Recipe) -> impl Fn((u32, u32)) -> u64 {
    |photo| recipe.estimate(photo, |_, _, _| 0).steps.iter().map(|step| count(step.output)).max().unwrap_or(0)
}

pub(crate) fn count((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn of_path(path: &Path, largest: impl Fn((u32, u32)) -> u64) -> Option<u64> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok().filter(|metadata| metadata.is_file())?.len();
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head).ok()?;
    let mut size = Photo::size_of(&head);
    if size.is_none() && length > HEAD && length <= WHOLE {
        file.take(WHOLE).read_to_end(&mut head).ok()?;
        size = Photo::size_of(&head);
    }
    Some(length.saturating_add(of_size(size.unwrap_or_else(|| assumed(length)), largest)))
}

fn assumed(bytes: u64) -> (u32, u32) {
    let side = u32::try_from(bytes.saturating_mul(PIXELS_PER_BYTE).isqrt()).unwrap_or(u32::MAX);
    (side, side)
}

fn of_size(photo: (u32, u32), largest: impl Fn((u32, u32)) -> u64) -> u64 {
    let pixels = count(photo);
    let added = largest(photo).saturating_sub(pixels);
    BYTES_PER_PHOTO
        .saturating_add(pixels.saturating_mul(BYTES_PER_PIXEL))
        .saturating_add(added.saturating_mul(BYTES_PER_ADDED_PIXEL))
}

#[cfg(test)]
mod tests {
    use packshot_api::{Step, Upscale};

    use super::*;
    use crate::photo::{Channels, EncodeOptions, ImageFormat};

    #[test]
    fn the_header_says_what_a_photo_takes() {
        let photo = Photo::new(200, 100, Channels::Rgb, vec![0_u8; 60_000]).unwrap();
        let file = photo.encode(&EncodeOptions::new(ImageFormat::Png)).unwrap();
        let recipe = Recipe::default();
        let plain = of_file(&file, largest_of(&recipe));
        assert_eq!(plain, BYTES_PER_PHOTO + 20_000 * BYTES_PER_PIXEL + file.len() as u64);
        let larger = Recipe { steps: vec![Step::Upscale(Upscale::default())], ..recipe };
        assert_eq!(of_file(&file, largest_of(&larger)) - plain, 60_000 * BYTES_PER_ADDED_PIXEL);
        let size = Some(packshot_api::Size::LongSide(1600));
        let to_a_size = Recipe { steps: vec![Step::Upscale(Upscale { size, ..Upscale::default() })], ..larger };
        assert_eq!(of_file(&file, largest_of(&to_a_size)) - plain, (1600 * 800 - 20_000) * BYTES_PER_ADDED_PIXEL);
    }

    #[test]
    fn photos_bytes_and_files_are_estimated_alike() {
        let photo = Photo::new(200, 100, Channels::Rgb, vec![0_u8; 60_000]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp, ImageFormat::Tiff] {
            let file = photo.encode(&EncodeOptions::new(format)).unwrap();
            let path = folder.path().join("photo");
            std::fs::write(&path, &file).unwrap();
            let bytes = of_source(&Source::from(file.clone()), |_| 0);
            assert_eq!(of_source(&Source::Path(path), |_| 0), bytes, "{format:?}");
            assert_eq!(bytes - file.len() as u64, of_source(&Source::from(&photo), |_| 0), "{format:?}");
        }
        assert_eq!(of_source(&Source::from("/nowhere/a.jpg"), |_| 0), BYTES_PER_PHOTO);
        assert_eq!(of_source(&Source::from(folder.path()), |_| 0), BYTES_PER_PHOTO);
    }
}
