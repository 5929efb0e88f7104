//! No telemetry leaves through a library that Packshot uses.
//!
//! The official builds of ONNX Runtime send telemetry from version 1.29 on, except on Windows, where they only write
//! events that the operating system may record. The switch of its API works too late: an event is sent and an
//! identifier is written to the home directory as soon as the environment exists. Nothing but an environment variable
//! that stands before that moment keeps it quiet.
//!
//! Changing the environment is unsound while other threads read it, and a library cannot know. So Packshot refuses
//! such a version unless the variable is already there, and offers [`disable_ort_telemetry`] to programs.

const VARIABLE: &str = "ORT_DISABLE_TELEMETRY";

/// Keeps ONNX Runtime from sending telemetry in this process, which also allows Packshot to use version 1.29 or later.
///
/// It sets `ORT_DISABLE_TELEMETRY=1`. Setting the variable before the process starts does the same.
///
/// # Safety
/// No other thread may read or change the environment at the same time. Call this first thing in `main`, before any
/// thread is started.
#[allow(unsafe_code, reason = "passes the contract of `std::env::set_var` on to the caller")]
pub unsafe fn disable_ort_telemetry() {
    // SAFETY: the caller guarantees that no other thread touches the environment.
    unsafe { std::env::set_var(VARIABLE, "1") };
}

/// Whether a library of this `(major, minor)` version stays quiet, given the value of the variable.
///
/// ONNX Runtime reads the values 1, true, yes, on and y as "off", in any case.
#[cfg(feature = "ort-dynamic")]
pub(crate) fn permits(version: (u32, u32), variable: Option<&str>) -> Result<(), String> {
    let disabled = variable.is_some_and(|value| {
        ["1", "true", "yes", "on", "y"].iter().any(|truth| value.trim().eq_ignore_ascii_case(truth))
    });
    if cfg!(windows) || version < (1, 29) || disabled {
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
