//! Writes a JPEG with libjpeg-turbo (cargo feature `turbo`).

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::error::Result;
use crate::photo::codec::refused;
use crate::photo::{Chroma, EncodeOptions};

/// Encodes a baseline JPEG without metadata.
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
