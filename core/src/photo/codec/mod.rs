//! One file per format: reading its container and pixels, and writing it.

#[cfg(feature = "avif")]
pub(crate) mod avif;
#[cfg(feature = "heic")]
pub(crate) mod heic;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod tiff;
pub(crate) mod webp;

use super::metadata::Metadata;
use super::orientation::Orientation;
use super::{Channels, Samples};
use crate::error::{Code, Error};
use crate::note::Note;

/// A picture as its file stores it: not yet upright, in the colours of its profile.
pub(crate) struct Decoded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
    pub(crate) samples: Samples,
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) metadata: Metadata,
    pub(crate) orientation: Orientation,
    /// Lossy changes made while reading; see [`Photo::notes`](crate::Photo::notes).
    pub(crate) notes: Vec<Note>,
}

/// A picture about to be written; `samples` suit the format.
pub(crate) struct Picture<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
    pub(crate) samples: &'a Samples,
    pub(crate) profile: Option<&'a [u8]>,
    pub(crate) metadata: &'a Metadata,
}

fn corrupt(message: impl Into<String>) -> Error {
    Error::new(Code::PhotoCorrupt, message)
}

fn truncated(what: &str) -> Error {
    Error::new(Code::PhotoTruncated, format!("the data ends within {what}"))
}

fn unsupported(message: impl Into<String>) -> Error {
    Error::new(Code::PhotoUnsupported, message)
}

/// The code for an error of a decoder that reads from memory: there, "unexpected end" means that the file is cut.
fn code_of(cause: &std::io::Error) -> Code {
    match cause.kind() {
        std::io::ErrorKind::UnexpectedEof => Code::PhotoTruncated,
        _ => Code::PhotoCorrupt,
    }
}

/// The error for a photo that an encoder refused although everything was checked before.
fn refused(format: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(Code::Internal, format!("the {format} encoder refused the picture")).because(cause)
}
