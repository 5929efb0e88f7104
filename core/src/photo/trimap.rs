use crate::error::{Code, Error, Result};
use crate::photo::Photo;

/// Background, subject, or unknown: where a matte is sure, and where its edge is to be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trimap {
    width: u32,
    height: u32,
    samples: Vec<u8>,
}

impl Trimap {
    /// Definitely background.
    pub const BACKGROUND: u8 = 0;
    /// Unknown.
    pub const UNKNOWN: u8 = 128;
    /// Definitely subject.
    pub const SUBJECT: u8 = 255;

    /// A trimap from `width * height` samples, row by row: 0 is background, 255 is subject, anything between is
    /// unknown.
    ///
    /// # Errors
    /// [`Code::MaskSize`] when a side is zero or the number of samples does not match.
    pub fn new(width: u32, height: u32, mut samples: Vec<u8>) -> Result<Self> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 || pixels != samples.len() as u64 {
            let message = format!("a trimap of {width} x {height} needs {pixels} samples, not {}", samples.len());
            return Err(Error::new(Code::MaskSize, message));
        }
        for sample in &mut samples {
            if *sample != Self::BACKGROUND && *sample != Self::SUBJECT {
                *sample = Self::UNKNOWN;
            }
        }
        Ok(Self { width, height, samples })
    }

    /// A trimap from a gray picture, as stored by editors and data sets.
    ///
    /// # Errors
    /// None for a decoded photo.
    pub fn from_photo(photo: &Photo) -> Result<Self> {
        Self::new(photo.width(), photo.height(), photo.to_matte().into_alpha())
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The samples, row by row, each of them [`BACKGROUND`](Self::BACKGROUND), [`UNKNOWN`](Self::UNKNOWN) or
    /// [`SUBJECT`](Self::SUBJECT).
    #[must_use]
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// The trimap as a gray picture.
    #[must_use]
    pub fn into_photo(self) -> Photo {
        Photo::of_gray(self.width, self.height, self.samples)
    }
}
