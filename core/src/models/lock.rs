//! Inter-process lock.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::{Code, Error, Result};
use crate::run::CancelToken;

/// Held while a file of the cache changes.
///
/// The kernel releases the lock when the process ends, however it ends. The lock file itself is never deleted: another
/// process may be waiting for it.
pub(super) struct Lock(#[allow(dead_code, reason = "held, not used")] File);

impl Lock {
    /// Waits for the lock at `path`.
    #[cfg_attr(not(feature = "download"), allow(dead_code, reason = "only a download waits"))]
    pub(super) fn acquire(path: &Path, cancel: &CancelToken) -> Result<Self> {
        loop {
            cancel.check()?;
            if let Some(lock) = Self::try_acquire(path)? {
                return Ok(lock);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The lock at `path`; `None` if somebody else holds it.
    pub(super) fn try_acquire(path: &Path) -> Result<Option<Self>> {
        let refuse = |cause| Error::new(Code::FileUnwritable, "cannot lock the cache").at(path).because(cause);
        let file = File::options().create(true).truncate(false).write(true).open(path).map_err(refuse)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(refuse(cause)),
        }
    }
}
