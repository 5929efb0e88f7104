//! Where a photo comes from.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::photo::{DecodeOptions, Photo};

/// A photo for a tool: one in memory, or the file or bytes that hold one. Files and bytes are read and decoded as a part
/// of the operation, with [`DecodeOptions::default`]; decode them yourself with [`Photo::open_with`] if you want others.
#[derive(Debug, Clone)]
pub enum Source {
    /// Decoded already.
    Photo(Photo),
    /// A file.
    Path(PathBuf),
    /// The bytes of a file.
    Bytes(Vec<u8>),
}

impl Source {
    /// The photo, read and decoded if it is not yet.
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
        Self::Bytes(bytes)
    }
}
