//! JPEG by libjpeg-turbo (cargo feature `turbo`).

use turbojpeg::{Compressor, Decompressor, Image, PixelFormat, Subsamp};

use super::{Frame, Pixels};
use crate::Result;
use crate::photo::codec::refused;
use crate::photo::{Chroma, EncodeOptions};

/// Decodes gray and colour; `None` for everything else, and for a file with anything to complain about, be it a
/// warning.
pub(super) fn decode(bytes: &[u8], frame: Frame) -> Option<Pixels> {
    let format = match frame.components {
        1 => PixelFormat::GRAY,
        3 => PixelFormat::RGB,
        _ => return None,
    };
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let mut decompressor = Decompressor::new().ok()?;
    let header = decompressor.read_header(bytes).ok()?;
    // The limits were checked for the frame that the scanner saw; a file with two does not get around them.
    if (header.width, header.height) != (width, height) {
        return None;
    }
    let pitch = width * format.size();
    let mut pixels = vec![0; pitch * height];
    let image = Image { pixels: pixels.as_mut_slice(), width, pitch, height, format };
    decompressor.decompress(bytes, image).ok()?;
    Some(if frame.components == 1 { Pixels::Gray(pixels) } else { Pixels::Rgb(pixels) })
}

/// A baseline JPEG without metadata.
pub(super) fn encode(samples: &[u8], size: (u16, u16), gray: bool, options: &EncodeOptions) -> Result<Vec<u8>> {
    let (width, height) = (usize::from(size.0), usize::from(size.1));
    let (format, chroma) = match (gray, options.chroma) {
        (true, _) => (PixelFormat::GRAY, Subsamp::Gray),
        (false, Chroma::Half) => (PixelFormat::RGB, Subsamp::Sub2x2),
        (false, Chroma::Full) => (PixelFormat::RGB, Subsamp::None),
    };
    let image = Image { pixels: samples, width, pitch: width * format.size(), height, format };
    let encode = || {
        let mut compressor = Compressor::new()?;
        compressor.set_quality(i32::from(options.quality))?;
        compressor.set_subsamp(chroma)?;
        compressor.compress_to_vec(image)
    };
    encode().map_err(|cause| refused("JPEG", cause))
}
