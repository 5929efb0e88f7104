//! Writes a JPEG in pure Rust.

use jpeg_encoder::{ColorType, SamplingFactor};

use crate::error::Result;
use crate::photo::codec::refused;
use crate::photo::{Chroma, EncodeOptions};

/// Encodes a baseline JPEG without metadata.
#[cfg_attr(feature = "turbo", allow(dead_code, reason = "libjpeg-turbo encodes then"))]
pub(super) fn encode(samples: &[u8], size: (u16, u16), gray: bool, options: &EncodeOptions) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, options.quality);
    encoder.set_sampling_factor(match options.chroma {
        Chroma::Half => SamplingFactor::R_4_2_0,
        Chroma::Full => SamplingFactor::R_4_4_4,
    });
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    let color = if gray { ColorType::Luma } else { ColorType::Rgb };
    encoder.encode(samples, size.0, size.1, color).map_err(|cause| refused("JPEG", cause))?;
    Ok(out)
}
