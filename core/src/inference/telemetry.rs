//! Keeps libraries that Packshot uses from sending telemetry.
//!
//! The official builds of ONNX Runtime send telemetry from version 1.29 on, except on Windows, where they only write
//! events that the operating system may record. The switch in its API comes too late: an event is sent and an
//! identifier is written to the home directory as soon as the environment is created. Only an environment variable that
//! is set before that prevents it.
//!
//! Setting the variable the usual way, `setenv`, is unsound while other threads read the environment, which a library
//! cannot rule out. So Packshot refuses such a version unless the variable is already set, and offers
//! [`disable_ort_telemetry`], which is safe beside threads that read.

const VARIABLE: &str = "ORT_DISABLE_TELEMETRY";

/// Keeps ONNX Runtime from sending telemetry in this process, which also allows Packshot to use version 1.29 or later.
///
/// It sets `ORT_DISABLE_TELEMETRY=1`. Setting the variable before the process starts does the same.
///
/// On Linux and Android, other threads may read the environment meanwhile: the C library's array of variables is
/// replaced by a longer copy, and the old one is kept for threads that are reading it. On other platforms the C library
/// uses a lock.
///
/// # Safety
/// No other thread may change the environment at the same time. A program calls this in `main`; a Python module while
/// it is imported, because Python changes the environment with its lock held; a Node addon while it is loaded on the
/// main thread.
#[allow(unsafe_code, reason = "passes the contract of the environment on to the caller")]
pub unsafe fn disable_ort_telemetry() {
    if is_off(std::env::var(VARIABLE).ok().as_deref()) {
        return;
    }
    // SAFETY: the caller guarantees that no other thread changes the environment.
    unsafe { set() };
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[allow(unsafe_code, reason = "passes the contract of the environment on to the caller")]
unsafe fn set() {
    // SAFETY: the caller guarantees that no other thread changes the environment; Apple's C library and Windows lock
    // it for readers.
    unsafe { std::env::set_var(VARIABLE, "1") };
}

/// `setenv` may free the array that another thread's `getenv` iterates over. This function never frees it, and never
/// writes to visible entries.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[allow(unsafe_code, reason = "the environment has no safe interface")]
unsafe fn set() {
    use std::ffi::{CString, c_char};
    use std::sync::atomic::{AtomicPtr, Ordering};

    unsafe extern "C" {
        static mut environ: *mut *mut c_char;
    }
    let Ok(entry) = CString::new(format!("{VARIABLE}=1")) else { return };
    // First, so that `getenv`, which takes the first match, does not find an older value.
    let mut entries = vec![entry.into_raw()];
    // SAFETY: `environ` is a pointer that lives as long as the process, and an `AtomicPtr` looks like a pointer.
    let place = unsafe { &*(&raw mut environ).cast::<AtomicPtr<*mut c_char>>() };
    let mut at = place.load(Ordering::Acquire);
    // SAFETY: `environ` is null or a null-terminated array of pointers, and by the contract nobody changes it now.
    unsafe {
        while !at.is_null() && !(*at).is_null() {
            entries.push(*at);
            at = at.add(1);
        }
    }
    entries.push(std::ptr::null_mut());
    // From here on the array and the entry belong to the environment, which is never freed.
    place.store(Box::leak(entries.into_boxed_slice()).as_mut_ptr(), Ordering::Release);
}

/// ONNX Runtime reads the values 1, true, yes, on and y as "off", in any case.
fn is_off(variable: Option<&str>) -> bool {
    variable.is_some_and(|value| {
        ["1", "true", "yes", "on", "y"].iter().any(|truth| value.trim().eq_ignore_ascii_case(truth))
    })
}

/// Whether a library of this `(major, minor)` version sends no telemetry, given the value of the variable.
///
#[cfg(feature = "ort-dynamic")]
pub(crate) fn permits(version: (u32, u32), variable: Option<&str>) -> Result<(), String> {
    if cfg!(windows) || version < (1, 29) || is_off(variable) {
        return Ok(());
    }
    Err(format!(
        "ONNX Runtime {}.{} sends telemetry; to use it, set {VARIABLE}=1 before the process starts, \
         or call `packshot::disable_ort_telemetry()` first thing in `main`",
        version.0, version.1
    ))
}

/// [`permits`] for the environment of this process.
#[cfg(feature = "ort-dynamic")]
pub(crate) fn permits_here(version: (u32, u32)) -> Result<(), String> {
    permits(version, std::env::var(VARIABLE).ok().as_deref())
}

#[cfg(all(test, feature = "ort-dynamic", not(windows)))]
mod tests {
    use super::*;

    #[test]
    fn versions_that_send_telemetry_need_the_variable() {
        assert!(permits((1, 28), None).is_ok());
        assert!(permits((1, 29), Some("1")).is_ok());
        assert!(permits((1, 31), Some(" TRUE ")).is_ok());
        for value in [None, Some(""), Some("0"), Some("off")] {
            let reason = permits((1, 29), value).unwrap_err();
            assert!(reason.contains("ORT_DISABLE_TELEMETRY=1"), "{reason}");
        }
        assert!(permits((2, 0), None).is_err(), "what a later version does is not known");
    }
}
