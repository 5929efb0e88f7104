//! JPEG in pure Rust: baseline and progressive pixels, CMYK and YCCK as Adobe writes them.

use jpeg_encoder::{ColorType, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::{Frame, Pixels};
use crate::photo::codec::{corrupt, refused, unsupported};
use crate::photo::{Chroma, EncodeOptions};
use crate::{Code, Error, Result};

/// Decodes the pixels; `adobe` is the transform that Adobe's segment names, if there is one.
pub(super) fn decode(bytes: &[u8], frame: Frame, adobe: Option<u8>) -> Result<Pixels> {
    // Strict: a lenient decoder fills what is damaged with gray, and nobody would notice.
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(decode_error)?;
    let stored = decoder.input_colorspace().ok_or_else(|| corrupt("the JPEG has no colour space"))?;
    let wanted = match frame.components {
        1 => ColorSpace::Luma,
        3 => ColorSpace::RGB,
        // The decoder's own conversion knows no profiles.
        4 => stored,
        n => return Err(unsupported(format!("a JPEG with {n} components"))),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let pixels = decoder.decode().map_err(decode_error)?;
    Ok(match frame.components {
        1 => Pixels::Gray(pixels),
        3 => Pixels::Rgb(pixels),
        _ => Pixels::Inks(inks(pixels, adobe == Some(2))),
    })
}

/// CMYK with zero for no ink from the stored samples. Adobe stores light instead of ink, everybody followed, and
/// YCCK is the same with the first three samples turned into YCbCr.
fn inks(mut stored: Vec<u8>, ycck: bool) -> Vec<u8> {
    for pixel in stored.chunks_exact_mut(4) {
        if ycck {
            let [y, cb, cr] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            // Rounded; `as` clamps. What JFIF would call R, G, B is the ink.
            pixel[0] = (y + 1.402 * (cr - 128.0) + 0.5) as u8;
            pixel[1] = (y - 0.344_136 * (cb - 128.0) - 0.714_136 * (cr - 128.0) + 0.5) as u8;
            pixel[2] = (y + 1.772 * (cb - 128.0) + 0.5) as u8;
        } else {
            for sample in &mut pixel[..3] {
                *sample = 255 - *sample;
            }
        }
        pixel[3] = 255 - pixel[3];
    }
    stored
}

fn decode_error(cause: DecodeErrors) -> Error {
    let code = match &cause {
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => Code::PhotoTruncated,
        DecodeErrors::FormatStatic("Premature end of buffer") => Code::PhotoTruncated,
        DecodeErrors::Unsupported(_) => Code::PhotoUnsupported,
        _ => Code::PhotoCorrupt,
    };
    Error::new(code, "the JPEG cannot be decoded").because(cause.to_string())
}

/// A baseline JPEG without metadata.
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
