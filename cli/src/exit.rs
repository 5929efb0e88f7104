//! Exit codes, documented in `packshot --help`.

pub(crate) const DONE: u8 = 0;
pub(crate) const SOME_FAILED: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const NOTHING_DONE: u8 = 3;
pub(crate) const INTERRUPTED: u8 = 130;
/// The exit code of programs that were ended by SIGPIPE, as shells show it.
pub(crate) const READER_LEFT: u8 = 141;
