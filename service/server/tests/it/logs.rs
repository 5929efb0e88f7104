//! The log of all services of this process.

use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

static LOG: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| {
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false).with_writer(|| Log);
    subscriber.try_init().expect("the only log of this process");
    Mutex::default()
});

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins to listen.
pub(crate) fn start() {
    LazyLock::force(&LOG);
}

/// What was written so far.
pub(crate) fn all() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}
