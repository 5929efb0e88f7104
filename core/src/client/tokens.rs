//! Where the tokens of a session are kept.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use packshot_api::service::Tokens;

use super::host::{BoxFuture, Cause};
use crate::error::Code;
use crate::file;

/// More than any tokens need.
const LONGEST: u64 = 1 << 16;

/// Keeps the tokens of one session: in memory, in a file, or where the host keeps secrets.
///
/// Clients in several processes may share a store. Each of them loads the tokens for each call, so that it finds those
/// that another one has refreshed.
pub trait TokenStore: Send + Sync {
    /// The tokens, if somebody is signed in.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Cause>>;

    /// Keeps `tokens` in place of those that were there.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Cause>>;

    /// Removes the tokens. The client does so when somebody signs out, and never because something failed.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn clear(&self) -> BoxFuture<'_, Result<(), Cause>>;
}

/// Tokens in memory: they end with the process.
#[derive(Default)]
pub struct MemoryTokens(Mutex<Option<Tokens>>);

impl MemoryTokens {
    /// With the tokens of a session that has begun.
    #[must_use]
    pub fn new(tokens: Tokens) -> Self {
        Self(Mutex::new(Some(tokens)))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Option<Tokens>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryTokens")
    }
}

impl TokenStore for MemoryTokens {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Cause>> {
        let tokens = self.with(|kept| kept.clone());
        Box::pin(async { Ok(tokens) })
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Cause>> {
        self.with(|kept| *kept = Some(tokens.clone()));
        Box::pin(async { Ok(()) })
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Cause>> {
        self.with(|kept| *kept = None);
        Box::pin(async { Ok(()) })
    }
}

/// Tokens in a file that only the user can read (mode 0600), written atomically.
#[derive(Debug, Clone)]
pub struct FileTokens(PathBuf);

impl FileTokens {
    /// In the file at `path`. Its folder is made when tokens are saved.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    // A file of a few hundred bytes is read and written at once: not worth a thread.
    fn read(&self) -> Result<Option<Tokens>, Cause> {
        let text = match file::read_bounded(&self.0, LONGEST) {
            Err(error) if error.code() == Code::FileMissing => return Ok(None),
            text => text?,
        };
        let broken = |_| format!("{}: not a file of tokens; remove it and sign in again", self.0.display());
        Ok(Some(serde_json::from_slice(&text).map_err(broken)?))
    }

    fn write(&self, tokens: &Tokens) -> Result<(), Cause> {
        if let Some(folder) = self.0.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(file::write_private(&self.0, &serde_json::to_vec(tokens)?)?)
    }

    fn remove(&self) -> Result<(), Cause> {
        match std::fs::remove_file(&self.0) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cause.into()),
            _ => Ok(()),
        }
    }
}

impl TokenStore for FileTokens {
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Cause>> {
        Box::pin(async { self.read() })
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> BoxFuture<'a, Result<(), Cause>> {
        Box::pin(async { self.write(tokens) })
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), Cause>> {
        Box::pin(async { self.remove() })
    }
}
