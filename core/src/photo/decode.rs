//! From bytes to a photo: detect, check, decode, convert the colours, turn upright.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::codec::{Decoded, jpeg, png, tiff, webp};
use super::{ColorPolicy, ImageFormat, Limits, Photo, Samples, color, format};
use crate::error::{Code, Error, Result};

/// How to read a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeOptions {
    /// Bounds on what decoding may take.
    pub limits: Limits,
    /// What becomes of the colour profile.
    pub color: ColorPolicy,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { limits: Limits::default(), color: ColorPolicy::ToSrgb }
    }
}

impl DecodeOptions {
    /// The default limits; colours converted to sRGB.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// With another colour policy.
    #[must_use]
    pub fn color(self, color: ColorPolicy) -> Self {
        Self { color, ..self }
    }

    /// The same, but for what `wanted` sets.
    pub(crate) fn with(self, wanted: &packshot_api::Decode) -> Self {
        let packshot_api::Decode { color, max_pixels, max_bytes, max_frames, max_profile_bytes, max_metadata_bytes } =
            *wanted;
        let limits = Limits {
            max_pixels: max_pixels.unwrap_or(self.limits.max_pixels),
            max_bytes: max_bytes.unwrap_or(self.limits.max_bytes),
            max_frames: max_frames.unwrap_or(self.limits.max_frames),
            max_profile_bytes: max_profile_bytes.unwrap_or(self.limits.max_profile_bytes),
            max_metadata_bytes: max_metadata_bytes.unwrap_or(self.limits.max_metadata_bytes),
        };
        Self { limits, color: color.unwrap_or(self.color) }
    }
}

impl From<&packshot_api::Decode> for DecodeOptions {
    fn from(wanted: &packshot_api::Decode) -> Self {
        Self::default().with(wanted)
    }
}

pub(super) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Photo> {
    options.limits.check_bytes(bytes.len() as u64)?;
    let format = format::of(bytes)?;
    // Decoders are third-party code with untrusted input. A panic counts as a damaged photo, and must not end the
    // program. Nothing outside is left half-changed: the closure only reads what it borrows.
    catch_unwind(AssertUnwindSafe(|| {
        let mut decoded = decode_format(format, bytes, options)?;
        convert_colors(&mut decoded, options.color);
        Ok(upright(decoded, format))
    }))
    .unwrap_or_else(|_| Err(Error::new(Code::PhotoCorrupt, "the decoder crashed on the photo")))
    .map_err(|error| error.with("format", format.as_str()))
}

fn decode_format(format: ImageFormat, bytes: &[u8], options: &DecodeOptions) -> Result<Decoded> {
    let limits = &options.limits;
    match format {
        ImageFormat::Jpeg => jpeg::decode(bytes, limits),
        ImageFormat::Png => png::decode(bytes, limits, options.color),
        ImageFormat::Webp => webp::decode(bytes, limits),
        ImageFormat::Tiff => tiff::decode(bytes, limits),
        #[cfg(feature = "heic")]
        ImageFormat::Heic => super::codec::heic::decode(bytes, limits),
        #[cfg(not(feature = "heic"))]
        ImageFormat::Heic => Err(Error::new(Code::PhotoFormatDisabled, "reading HEIC needs the cargo feature `heic`")),
        ImageFormat::Avif => Err(Error::new(Code::PhotoFormatDisabled, "no build reads AVIF")),
    }
}

fn convert_colors(decoded: &mut Decoded, policy: ColorPolicy) {
    match policy {
        ColorPolicy::ToSrgb => {
            if let Some(profile) = decoded.profile.take() {
                color::to_srgb(&mut decoded.samples, decoded.channels, &profile);
            }
        }
        // An unreadable profile would corrupt the file that it is written to.
        ColorPolicy::Keep => {
            decoded.profile = decoded.profile.take().filter(|profile| color::fits(profile, decoded.channels));
        }
        ColorPolicy::Data => decoded.profile = None,
    }
}

fn upright(decoded: Decoded, format: ImageFormat) -> Photo {
    let Decoded { width, height, channels, samples, profile, metadata, orientation, notes } = decoded;
    let (width, height, count) = (width as usize, height as usize, channels.count());
    let (width, height, samples) = match samples {
        Samples::U8(samples) => {
            let (width, height, samples) = orientation.apply(width, height, count, samples);
            (width, height, Samples::U8(samples))
        }
        Samples::U16(samples) => {
            let (width, height, samples) = orientation.apply(width, height, count, samples);
            (width, height, Samples::U16(samples))
        }
    };
    Photo {
        width: width as u32,
        height: height as u32,
        channels,
        samples: Arc::new(samples),
        profile: profile.map(Arc::from),
        metadata: Arc::new(metadata),
        format: Some(format),
        notes: notes.into(),
    }
}
