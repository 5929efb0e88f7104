use std::path::{Path, PathBuf};
use std::sync::Arc;

use packshot::{DecodeOptions, EncodeOptions, Samples, guard};

use crate::bytes::Bytes;
use crate::error::Failure;
use crate::mirrors::{Channels, Decode, Depth, Encode, ImageFormat};
use crate::run::{CancelToken, spawn};

/// Decoded pixels, upright, with straight alpha.
#[derive(uniffi::Object)]
pub struct Photo(pub(crate) packshot::Photo);

/// What a photo is.
#[derive(uniffi::Record)]
pub struct PhotoFacts {
    /// Width in pixels, at least 1.
    pub width: u32,
    /// Height in pixels, at least 1.
    pub height: u32,
    /// The channels of a pixel.
    pub channels: Channels,
    /// The range of a sample.
    pub depth: Depth,
    /// The format of the file it was read from.
    pub format: Option<ImageFormat>,
    /// The ICC profile of the samples; without one they are sRGB.
    pub profile: Option<Vec<u8>>,
    /// The EXIF block, from the TIFF header on, with orientation 1.
    pub exif: Option<Vec<u8>>,
    /// The XMP packet.
    pub xmp: Option<Vec<u8>>,
}

/// Where a photo comes from.
#[derive(uniffi::Enum)]
pub enum Source {
    /// A file.
    File {
        /// Its path.
        path: String,
    },
    /// The bytes of a file.
    Encoded {
        /// All of them.
        bytes: Arc<Bytes>,
    },
    /// Decoded already.
    Decoded {
        /// The photo.
        photo: Arc<Photo>,
    },
}

impl From<Source> for packshot::Source {
    fn from(source: Source) -> Self {
        match source {
            Source::File { path } => Self::Path(path.into()),
            Source::Encoded { bytes } => Self::Bytes(bytes.shared()),
            Source::Decoded { photo } => Self::Photo(photo.0.clone()),
        }
    }
}

/// Reads and decodes a photo.
#[uniffi::export]
pub async fn read_photo(source: Source, options: Decode, cancel: Arc<CancelToken>) -> Result<Arc<Photo>, Failure> {
    spawn(&cancel, None, move |_| {
        packshot::Source::from(source).read(&DecodeOptions::from(&options)).map(|photo| Arc::new(Photo(photo)))
    })
    .await
}

#[uniffi::export]
impl Photo {
    /// A photo in sRGB from interleaved samples, row by row from the top left. 16-bit samples are two bytes each, in the
    /// machine's order.
    #[uniffi::constructor]
    pub fn from_pixels(
        samples: &[u8],
        width: u32,
        height: u32,
        channels: Channels,
        depth: Depth,
    ) -> Result<Arc<Self>, Failure> {
        let photo = guard(|| packshot::Photo::new(width, height, channels, Samples::from_ne_bytes(samples, depth)?))?;
        Ok(Arc::new(Self(photo)))
    }

    /// What it is.
    pub fn facts(&self) -> PhotoFacts {
        let photo = &self.0;
        PhotoFacts {
            width: photo.width(),
            height: photo.height(),
            channels: photo.channels(),
            depth: photo.depth(),
            format: photo.format(),
            profile: photo.profile().map(<[u8]>::to_vec),
            exif: photo.exif().map(<[u8]>::to_vec),
            xmp: photo.xmp().map(<[u8]>::to_vec),
        }
    }

    /// The interleaved samples, without a copy.
    pub fn pixels(&self) -> Arc<Bytes> {
        Bytes::samples(self.0.clone())
    }

    /// The photo as a file in memory.
    pub async fn encode(&self, options: Encode, cancel: Arc<CancelToken>) -> Result<Arc<Bytes>, Failure> {
        let photo = self.0.clone();
        spawn(&cancel, None, move |_| photo.encode(&EncodeOptions::read(&options, None)?).map(Bytes::file)).await
    }

    /// Writes the photo to `path` in one step.
    pub async fn save(&self, path: String, options: Encode, cancel: Arc<CancelToken>) -> Result<(), Failure> {
        let (photo, path) = (self.0.clone(), PathBuf::from(path));
        spawn(&cancel, None, move |_| {
            let options = EncodeOptions::read(&options, Some(Path::new(&path)))?;
            photo.save_with(&path, &options)
        })
        .await
    }
}
