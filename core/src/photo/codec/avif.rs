//! AVIF, written by rav1e.

use ravif::{Img, RGB8, RGBA8};

use super::{Picture, refused};
use crate::error::Result;
use crate::photo::Channels;
use crate::photo::encode::EncodeOptions;

/// From 1 (slow) to 10 (fast): slower speeds take minutes for a camera's picture and save a fifth of the size.
const SPEED: u8 = 8;

pub(crate) fn encode(picture: &Picture<'_>, options: &EncodeOptions) -> Result<Vec<u8>> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut encoder = ravif::Encoder::new().with_quality(f32::from(options.quality)).with_speed(SPEED);
    if let Some(exif) = &picture.metadata.exif {
        encoder = encoder.with_exif(exif.as_slice());
    }
    let encoded = if picture.channels.has_alpha() {
        let pixels = picture.samples.convert_u8(picture.channels, Channels::Rgba);
        let pixels: Vec<_> = pixels.chunks_exact(4).map(|p| RGBA8::new(p[0], p[1], p[2], p[3])).collect();
        encoder.encode_rgba(Img::new(&pixels, width, height))
    } else {
        let pixels = picture.samples.convert_u8(picture.channels, Channels::Rgb);
        let pixels: Vec<_> = pixels.chunks_exact(3).map(|p| RGB8::new(p[0], p[1], p[2])).collect();
        encoder.encode_rgb(Img::new(&pixels, width, height))
    };
    Ok(encoded.map_err(|cause| refused("AVIF", cause))?.avif_file)
}
