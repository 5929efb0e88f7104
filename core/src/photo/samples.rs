//! Samples: 8 or 16 bit, gray or colour, with or without alpha.

use rayon::prelude::*;

use crate::error::{Code, Error, Result};

/// What the interleaved samples of a pixel are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channels {
    /// Gray.
    Gray,
    /// Gray and alpha.
    GrayAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
}

impl Channels {
    /// Samples per pixel, 1 to 4.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Whether the last sample is alpha.
    #[must_use]
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    /// Whether there is no colour.
    #[must_use]
    pub const fn is_gray(self) -> bool {
        matches!(self, Self::Gray | Self::GrayAlpha)
    }

    /// The same with alpha.
    #[must_use]
    pub const fn with_alpha(self) -> Self {
        if self.is_gray() { Self::GrayAlpha } else { Self::Rgba }
    }

    /// The same without alpha.
    #[must_use]
    pub const fn without_alpha(self) -> Self {
        if self.is_gray() { Self::Gray } else { Self::Rgb }
    }
}

/// Bits per sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Depth {
    /// 0 to 255.
    Eight,
    /// 0 to 65,535.
    Sixteen,
}

/// Interleaved samples, row by row from the top left, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// 8 bit, 0 to 255.
    U8(Vec<u8>),
    /// 16 bit, 0 to 65,535.
    U16(Vec<u16>),
}

impl From<Vec<u8>> for Samples {
    fn from(samples: Vec<u8>) -> Self {
        Self::U8(samples)
    }
}

impl From<Vec<u16>> for Samples {
    fn from(samples: Vec<u16>) -> Self {
        Self::U16(samples)
    }
}

impl Samples {
    /// How many samples there are: pixels times channels.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::U8(samples) => samples.len(),
            Self::U16(samples) => samples.len(),
        }
    }

    /// Samples from bytes in the machine's own order: one byte each at [`Depth::Eight`], two at [`Depth::Sixteen`].
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] for half a sample at the end.
    pub fn from_ne_bytes(bytes: &[u8], depth: Depth) -> Result<Self> {
        match depth {
            Depth::Eight => Ok(Self::U8(bytes.to_vec())),
            Depth::Sixteen => {
                let (samples, rest) = bytes.as_chunks();
                if !rest.is_empty() {
                    let message = format!("{} bytes are not a whole number of 16-bit samples", bytes.len());
                    return Err(Error::new(Code::OptionInvalid, message));
                }
                Ok(Self::U16(samples.iter().map(|sample| u16::from_ne_bytes(*sample)).collect()))
            }
        }
    }

    /// Whether there are no samples. Never true for those of a photo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bits per sample.
    #[must_use]
    pub fn depth(&self) -> Depth {
        match self {
            Self::U8(_) => Depth::Eight,
            Self::U16(_) => Depth::Sixteen,
        }
    }

    pub(super) fn convert_u8(&self, from: Channels, to: Channels) -> Vec<u8> {
        match self {
            Self::U8(samples) if from == to => samples.clone(),
            Self::U8(samples) => convert(samples, from, to, |sample| sample),
            Self::U16(samples) => convert(samples, from, to, narrow),
        }
    }

    /// Composites the samples on a 16-bit background in the same space: `out = a * sample + (1 - a) * background`.
    pub(super) fn flatten(&self, channels: Channels, background: [u16; 3]) -> Self {
        match self {
            Self::U8(samples) => Self::U8(blend(samples, channels, background.map(narrow), 255, |v| v as u8)),
            Self::U16(samples) => Self::U16(blend(samples, channels, background, 65535, |v| v as u16)),
        }
    }
}

/// 16 to 8 bit, rounded to nearest: `round(v / 257)`.
pub(super) const fn narrow(sample: u16) -> u8 {
    ((sample as u32 * 255 + 32895) >> 16) as u8
}

fn convert<T: Copy + Sync>(samples: &[T], from: Channels, to: Channels, map: impl Fn(T) -> u8 + Sync) -> Vec<u8> {
    let (take, give) = (from.count(), to.count());
    let colors = to.without_alpha().count();
    let mut out = vec![255; samples.len() / take * give];
    out.par_chunks_mut(give << 16).zip(samples.par_chunks(take << 16)).for_each(|(out, samples)| {
        for (out, pixel) in out.chunks_exact_mut(give).zip(samples.chunks_exact(take)) {
            for (channel, sample) in out[..colors].iter_mut().enumerate() {
                *sample = map(pixel[if from.is_gray() { 0 } else { channel }]);
            }
            if to.has_alpha() && from.has_alpha() {
                out[give - 1] = map(pixel[take - 1]);
            }
        }
    });
    out
}

fn blend<T: Copy + Into<u64>>(
    samples: &[T],
    channels: Channels,
    background: [T; 3],
    max: u64,
    narrow: impl Fn(u64) -> T,
) -> Vec<T> {
    let count = channels.count();
    let mut out = Vec::with_capacity(samples.len() / count * (count - 1));
    for pixel in samples.chunks_exact(count) {
        let alpha: u64 = pixel[count - 1].into();
        for (sample, behind) in pixel[..count - 1].iter().zip(background) {
            let (sample, behind): (u64, u64) = ((*sample).into(), behind.into());
            out.push(narrow((sample * alpha + behind * (max - alpha) + max / 2) / max));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrowing_rounds_to_nearest() {
        for sample in 0..=65535u16 {
            assert_eq!(narrow(sample), (f64::from(sample) / 257.0).round() as u8);
        }
    }

    #[test]
    fn conversions_keep_values_in_place() {
        let gray_alpha = Samples::U8(vec![10, 20, 30, 40]);
        assert_eq!(gray_alpha.convert_u8(Channels::GrayAlpha, Channels::Rgba), [10, 10, 10, 20, 30, 30, 30, 40]);
        assert_eq!(gray_alpha.convert_u8(Channels::GrayAlpha, Channels::Rgb), [10, 10, 10, 30, 30, 30]);
        let rgb = Samples::U16(vec![257, 514, 771]);
        assert_eq!(rgb.convert_u8(Channels::Rgb, Channels::Rgba), [1, 2, 3, 255]);
    }

    #[test]
    fn flattening_lays_the_picture_on_the_background() {
        let gray_alpha = Samples::U8(vec![0, 128, 200, 0]);
        assert_eq!(gray_alpha.flatten(Channels::GrayAlpha, [65_535; 3]), Samples::U8(vec![127, 255]));
        let rgba = Samples::U8(vec![0, 0, 0, 128, 200, 200, 200, 0]);
        assert_eq!(rgba.flatten(Channels::Rgba, [65_535, 0, 0]), Samples::U8(vec![127, 0, 0, 255, 0, 0]));
    }
}
