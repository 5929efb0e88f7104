//! Sources of photos: pixels, a path or bytes.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::error::Result;
use crate::photo::{DecodeOptions, Photo};

/// A photo for a tool: decoded, or as the path or the bytes of a file. Files and bytes are read and decoded as part of
/// the operation, with [`DecodeOptions::default`]; for other options, decode them yourself with [`Photo::open_with`].
#[derive(Debug, Clone)]
pub enum Source {
    /// A decoded photo.
    Photo(Photo),
    /// A file.
    Path(PathBuf),
    /// The bytes of a file. They are shared, not copied: a call that waits for its turn holds no second copy, also where
    /// somebody else owns them ([`Bytes::from_owner`]).
    Bytes(Bytes),
}

impl Source {
    /// Returns the photo; reads and decodes it if necessary.
    ///
    /// # Errors
    /// Those of [`Photo::open_with`] and [`Photo::decode_with`].
    pub fn read(&self, options: &DecodeOptions) -> Result<Photo> {
        match self {
            Self::Photo(photo) => Ok(photo.clone()),
            Self::Path(path) => Photo::open_with(path, options),
            Self::Bytes(bytes) => Photo::decode_with(bytes, options),
        }
    }

    /// The same for a call that needs only the photo: the file's bytes are free before the work begins.
    pub(crate) fn into_photo(self, options: &DecodeOptions) -> Result<Photo> {
        self.read(options)
    }
}

impl From<Photo> for Source {
    fn from(photo: Photo) -> Self {
        Self::Photo(photo)
    }
}

impl From<&Photo> for Source {
    fn from(photo: &Photo) -> Self {
        Self::Photo(photo.clone())
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::Path(path.into())
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}
