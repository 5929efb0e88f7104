//! The service's key, and what is made with it: sealed fields, keyed hashes and tokens.
//!
//! One key of 256 bits lies in a file beside the data, or comes from the environment where several copies of the service
//! share a database. Keys for single purposes are derived from it (HKDF-SHA256, RFC 5869).

mod file;
mod root;
mod seal;
mod token;

pub(crate) use file::{Fingerprint, KeyFile, hex, make as make_key, read as read_key};
pub(crate) use root::{Secrets, random};
pub(crate) use seal::{SubjectKey, field, open as unwrap_key, seal as wrap_key};
pub(crate) use token::{Token, TokenKind};
