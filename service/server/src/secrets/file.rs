//! Files with a key: made once, and never replaced by another key.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::root::random;
use crate::error::{Error, Result};

/// Tells which key it is, and nothing of it.
pub(crate) type Fingerprint = [u8; 8];

/// Where a key of 256 bits comes from.
pub(crate) struct KeyFile<'s> {
    /// What it is the key of.
    pub(crate) what: &'static str,
    /// The file, which is made if nothing depends on it yet.
    pub(crate) path: PathBuf,
    /// The key in hexadecimal, instead of the file.
    pub(crate) given: Option<&'s str>,
}

impl KeyFile<'_> {
    /// The key. `known` is the fingerprint of the one that the data was made with, if there is data.
    pub(crate) fn open(
        &self,
        known: Option<&Fingerprint>,
        fingerprint: impl Fn(&[u8; 32]) -> Result<Fingerprint>,
    ) -> Result<[u8; 32]> {
        let fault = |why: String| Error::KeyFile { path: self.path.clone(), why };
        let key = match (self.given, known) {
            (Some(text), _) => {
                parse(text).ok_or_else(|| Error::Setting(format!("the {} has 64 hexadecimal digits", self.what)))?
            }
            (None, Some(known)) if !self.path.exists() => {
                let why = "it is missing, and the database was made with it";
                return Err(fault(format!("{why} (fingerprint {})", hex(known))));
            }
            (None, None) if !self.path.exists() => make(&self.path)?,
            (None, _) => read(&self.path)?,
        };
        let found = fingerprint(&key)?;
        match known {
            Some(known) if *known != found => {
                let [found, needed] = [&found, known].map(|fingerprint| hex(fingerprint));
                Err(fault(format!("the key has fingerprint {found}, and the database was made with {needed}")))
            }
            _ => Ok(key),
        }
    }
}

pub(crate) fn read(path: &Path) -> Result<[u8; 32]> {
    let fault = |why: String| Error::KeyFile { path: path.to_owned(), why };
    let text = fs::read_to_string(path).map_err(|cause| fault(cause.to_string()))?;
    parse(text.trim()).ok_or_else(|| fault("it does not hold 64 hexadecimal digits".to_owned()))
}

/// Makes the file; it exists whole or not at all. If another process was first, its key is the one.
pub(crate) fn make(path: &Path) -> Result<[u8; 32]> {
    let key = random()?;
    let write = || -> io::Result<()> {
        // Its mode is 0600 from the beginning.
        let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
        writeln!(file, "{}", hex(&key))?;
        file.as_file().sync_all()?;
        // Never replaces a key.
        file.persist_noclobber(path).map(drop).map_err(|cause| cause.error)
    };
    match write() {
        Ok(()) => Ok(key),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(cause) => Err(Error::KeyFile { path: path.to_owned(), why: format!("it cannot be made: {cause}") }),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let digit = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    if text.len() != 64 {
        return None;
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = digit(2 * at)?;
    }
    Some(key)
}
