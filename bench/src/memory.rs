//! The most memory that a process ever held.
//!
//! The only `unsafe` of this crate is here: the standard library waits for a child without telling what it used.
#![allow(unsafe_code, reason = "wait4 has no safe wrapper in the standard library")]

use std::process::Child;

use crate::serve::Fault;

/// How a process ended.
pub(crate) struct Ended {
    pub(crate) success: bool,
    /// Bytes.
    pub(crate) peak: Option<u64>,
}

/// The peak of a running process in bytes (Linux).
pub(crate) fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Waits until a process ends.
///
/// Linux counts what the parent held when it started the child as the child's own, so the parent must be small.
#[cfg(unix)]
pub(crate) fn wait(child: Child) -> Result<Ended, Fault> {
    let process = libc::pid_t::try_from(child.id())?;
    let mut status = 0;
    // SAFETY: an `rusage` is plain numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to locals that outlive the call. Nobody else waits for this process: `child` is ours,
    // and is dropped without waiting.
    let waited = unsafe { libc::wait4(process, &raw mut status, 0, &raw mut usage) };
    if waited != process {
        return Err(std::io::Error::last_os_error().into());
    }
    // Linux counts in kilobytes, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let peak = u64::try_from(usage.ru_maxrss).ok().map(|peak| peak * unit);
    Ok(Ended { success: libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0, peak })
}

/// Waits until a process ends.
#[cfg(not(unix))]
pub(crate) fn wait(mut child: Child) -> Result<Ended, Fault> {
    Ok(Ended { success: child.wait()?.success(), peak: None })
}
