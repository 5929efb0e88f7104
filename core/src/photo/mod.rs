//! Photos: decoded pixels, with reading and writing of files.
//!
//! * [`Photo::open`] and [`Photo::decode`] read JPEG, PNG, WebP and TIFF (HEIC with the cargo feature `heic`). The
//!   content determines the format. The picture is upright and in sRGB; 16 bit and gray are kept.
//! * [`Limits`] bound the resources that a hostile file can use; they are checked from the headers.
//! * [`Photo::save`] and [`Photo::encode`] write JPEG, PNG, WebP and TIFF (AVIF with the cargo feature `avif`).

mod codec;
mod color;
mod decode;
mod edit;
mod encode;
mod format;
mod ifd;
#[cfg(feature = "image")]
mod interop;
mod limits;
mod matte;
mod measure;
mod metadata;
mod orientation;
mod samples;
mod source;
mod space;
mod thumbnail;
mod trimap;
mod xmp;

use std::path::Path;
use std::sync::Arc;

pub use decode::DecodeOptions;
pub use encode::EncodeOptions;
pub(crate) use encode::check_sides;
pub use limits::Limits;
pub(crate) use limits::MAX_PIXELS;
pub use matte::Matte;
pub use packshot_api::{Chroma, ColorPolicy, Fit, ImageFormat, MetadataMode, PngCompression, ProfileMode, Size};
pub use samples::{Channels, Depth, Samples};
pub use source::Source;
pub use trimap::Trimap;

use crate::error::{Code, Error, Result};
use crate::file;
use crate::note::Note;
use metadata::Metadata;

/// A picture in memory, upright, with straight (not premultiplied) alpha. Clones share the samples.
#[derive(Clone)]
pub struct Photo {
    width: u32,
    height: u32,
    channels: Channels,
    samples: Arc<Samples>,
    /// ICC; `None` is sRGB.
    profile: Option<Arc<[u8]>>,
    metadata: Arc<Metadata>,
    format: Option<ImageFormat>,
    notes: Arc<[Note]>,
}

impl Photo {
    /// Reads the photo at `path`, upright and in sRGB, within the default [`Limits`].
    ///
    /// # Errors
    /// [`Code::FileMissing`], [`Code::FileUnreadable`], and those of [`decode_with`](Self::decode_with).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &DecodeOptions::default())
    }

    /// [`open`](Self::open) with options.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: &DecodeOptions) -> Result<Self> {
        let path = path.as_ref();
        let bytes = file::read_bounded(path, options.limits.max_bytes)?;
        Self::decode_with(&bytes, options).map_err(|error| error.at(path))
    }

    /// Decodes a photo in memory, upright and in sRGB, within the default [`Limits`].
    ///
    /// # Errors
    /// Those of [`decode_with`](Self::decode_with).
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        Self::decode_with(bytes, &DecodeOptions::default())
    }

    /// [`decode`](Self::decode) with options. Decodes the first frame of an animation, and the first page of a TIFF.
    ///
    /// # Errors
    /// [`Code::PhotoEmpty`], [`Code::PhotoTruncated`], [`Code::PhotoCorrupt`], [`Code::PhotoFormat`],
    /// [`Code::PhotoFormatDisabled`], [`Code::PhotoUnsupported`], [`Code::LimitBytes`], [`Code::LimitPixels`],
    /// [`Code::LimitFrames`], [`Code::LimitProfile`].
    pub fn decode_with(bytes: &[u8], options: &DecodeOptions) -> Result<Self> {
        decode::decode(bytes, options)
    }

    /// Width and height from the file's header; nothing is decoded.
    pub(crate) fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
        measure::size(bytes)
    }

    /// A photo in sRGB from interleaved samples, row by row from the top left; a `Vec<u8>` or a `Vec<u16>`.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`] if a side is zero or the number of samples is not width x height x channels.
    pub fn new(width: u32, height: u32, channels: Channels, samples: impl Into<Samples>) -> Result<Self> {
        let samples = samples.into();
        check_shape(width, height, channels, &samples)?;
        let samples = Arc::new(samples);
        Ok(Self {
            width,
            height,
            channels,
            samples,
            profile: None,
            metadata: Arc::default(),
            format: None,
            notes: Arc::default(),
        })
    }

    /// A gray picture from the samples of a matte or trimap, whose number was already checked.
    pub(crate) fn of_gray(width: u32, height: u32, samples: Vec<u8>) -> Self {
        Self {
            width,
            height,
            channels: Channels::Gray,
            samples: Arc::new(Samples::U8(samples)),
            profile: None,
            metadata: Arc::default(),
            format: None,
            notes: Arc::default(),
        }
    }

    /// A new picture derived from this one, with its colour profile, metadata and source format. A gray profile is
    /// dropped for colour samples, and a colour profile for gray ones: the samples must then be sRGB.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn derive(&self, width: u32, height: u32, channels: Channels, samples: impl Into<Samples>) -> Result<Self> {
        let samples = samples.into();
        check_shape(width, height, channels, &samples)?;
        let profile = self.profile.clone().filter(|_| channels.is_gray() == self.channels.is_gray());
        Ok(Self { width, height, channels, samples: Arc::new(samples), profile, ..self.clone() })
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What the samples of a pixel are.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// Bits per sample.
    #[must_use]
    pub fn depth(&self) -> Depth {
        self.samples.depth()
    }

    /// Whether there is an alpha channel, even if it is fully opaque.
    #[must_use]
    pub fn has_alpha(&self) -> bool {
        self.channels.has_alpha()
    }

    /// The interleaved samples.
    #[must_use]
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The samples, without a copy if no clone shares them.
    #[must_use]
    pub fn into_samples(self) -> Samples {
        Arc::unwrap_or_clone(self.samples)
    }

    /// The interleaved samples if they have 8 bits.
    #[must_use]
    pub fn as_u8(&self) -> Option<&[u8]> {
        match &*self.samples {
            Samples::U8(samples) => Some(samples),
            Samples::U16(_) => None,
        }
    }

    /// The interleaved samples if they have 16 bits.
    #[must_use]
    pub fn as_u16(&self) -> Option<&[u16]> {
        match &*self.samples {
            Samples::U16(samples) => Some(samples),
            Samples::U8(_) => None,
        }
    }

    /// The picture as 8-bit RGB, three bytes a pixel; alpha is dropped, not applied.
    #[must_use]
    pub fn to_rgb8(&self) -> Vec<u8> {
        self.samples.convert_u8(self.channels, Channels::Rgb)
    }

    /// The picture as 8-bit RGBA, four bytes a pixel; opaque where there is no alpha channel.
    #[must_use]
    pub fn to_rgba8(&self) -> Vec<u8> {
        self.samples.convert_u8(self.channels, Channels::Rgba)
    }

    /// The picture with 8 bits per sample, rounded.
    #[must_use]
    pub fn to_8bit(&self) -> Self {
        match self.depth() {
            Depth::Eight => self.clone(),
            Depth::Sixteen => {
                let samples = Samples::U8(self.samples.convert_u8(self.channels, self.channels));
                Self { samples: Arc::new(samples), ..self.clone() }
            }
        }
    }

    /// The ICC profile of the samples; without one they are sRGB. Photos have one only if they were read with
    /// [`ColorPolicy::Keep`].
    #[must_use]
    pub fn profile(&self) -> Option<&[u8]> {
        self.profile.as_deref()
    }

    /// The EXIF block of the file it was read from, from the TIFF header on, with orientation 1.
    #[must_use]
    pub fn exif(&self) -> Option<&[u8]> {
        self.metadata.exif.as_deref()
    }

    /// The XMP packet of the file it was read from.
    #[must_use]
    pub fn xmp(&self) -> Option<&[u8]> {
        self.metadata.xmp.as_deref()
    }

    /// The format of the file it was read from.
    #[must_use]
    pub fn format(&self) -> Option<ImageFormat> {
        self.format
    }

    /// Notes on lossy changes made while reading, such as clipped samples. Photos derived from this one keep them.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Encodes the photo to a file in memory, with the size and the byte budget of the options.
    ///
    /// # Errors
    /// [`Code::OptionInvalid`], [`Code::PhotoFormatDisabled`], [`Code::PhotoUnsupported`] if the picture is too large
    /// for the format, [`Code::LimitMetadata`] if the metadata to be kept is too large for it, or was above the limit
    /// when the photo was read, [`Code::BudgetMissed`] if the file cannot be made to fit [`EncodeOptions::max_bytes`].
    pub fn encode(&self, options: &EncodeOptions) -> Result<Vec<u8>> {
        Ok(encode::encode(self, options)?.0)
    }

    /// The same, with width and height of the picture in the file.
    pub(crate) fn encode_sized(&self, options: &EncodeOptions) -> Result<(Vec<u8>, (u32, u32))> {
        encode::encode(self, options)
    }

    /// Writes the photo to `path` in the format of its extension, without metadata.
    ///
    /// # Errors
    /// [`Code::PhotoFormat`], and those of [`save_with`](Self::save_with).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        self.save_with(path, &EncodeOptions::new(format::from_path(path)?))
    }

    /// Writes the photo to `path` atomically: on failure, an existing file is untouched.
    ///
    /// # Errors
    /// [`Code::FileUnwritable`], [`Code::DiskFull`], and those of [`encode`](Self::encode).
    pub fn save_with(&self, path: impl AsRef<Path>, options: &EncodeOptions) -> Result<()> {
        let path = path.as_ref();
        let bytes = self.encode(options).map_err(|error| error.at(path))?;
        file::write_atomically(path, &bytes)
    }
}

/// Two photos are equal if they look the same: size, channels, samples and profile.
impl PartialEq for Photo {
    fn eq(&self, other: &Self) -> bool {
        (self.width, self.height, self.channels) == (other.width, other.height, other.channels)
            && self.profile == other.profile
            && self.samples == other.samples
    }
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Photo")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("channels", &self.channels)
            .field("depth", &self.depth())
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

fn check_shape(width: u32, height: u32, channels: Channels, samples: &Samples) -> Result<()> {
    let wanted = u64::from(width).checked_mul(u64::from(height)).and_then(|n| n.checked_mul(channels.count() as u64));
    if width == 0 || height == 0 || wanted != Some(samples.len() as u64) {
        let message = match width == 0 || height == 0 {
            true => format!("a photo has at least one pixel, and this one is {width} x {height}"),
            false => {
                let (count, found) = (channels.count(), samples.len());
                let wanted = u128::from(width) * u128::from(height) * count as u128;
                format!("{width} x {height} pixels of {count} channels take {wanted} samples, and there are {found}")
            }
        };
        return Err(Error::new(Code::OptionInvalid, message));
    }
    Ok(())
}
