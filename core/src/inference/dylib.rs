//! Inspects a shared library before ONNX Runtime's API is used.
#![allow(unsafe_code, reason = "loading a library, calling its first function and asking the loader for its file")]

use std::ffi::CStr;
use std::path::{Path, PathBuf};

use libloading::{Library, Symbol};
use ort::sys::OrtApiBase;

type GetApiBase = unsafe extern "system" fn() -> *const OrtApiBase;

/// An ONNX Runtime library that is mapped into the process, but not initialised.
pub(super) struct Mapped {
    /// Such as `1.28.0`.
    pub(super) version: String,
    /// The file, even if the system's loader found it by name.
    pub(super) path: PathBuf,
}

/// Maps the library and reads its version; creates no environment, no thread, no telemetry.
pub(super) fn probe(path: &Path) -> Result<Mapped, String> {
    // SAFETY: loading runs the library's initialisers. The user named the file, installed it beside the program, or
    // it belongs to the system.
    let library = unsafe { Library::new(path) }.map_err(|cause| {
        // The source of the error has the loader's message; the error itself only says that loading failed.
        std::error::Error::source(&cause).map_or_else(|| cause.to_string(), ToString::to_string)
    })?;
    // SAFETY: every ONNX Runtime has exported this function with this signature since 1.0.
    let base: Result<Symbol<'_, GetApiBase>, _> = unsafe { library.get(b"OrtGetApiBase\0") };
    let Ok(get_api_base) = base.map(|symbol| *symbol) else {
        return Err("it is not ONNX Runtime: it exports no `OrtGetApiBase`".to_owned());
    };
    // SAFETY: as above; the function takes nothing and returns a pointer to static data or null.
    let base = unsafe { get_api_base().as_ref() }.ok_or("`OrtGetApiBase` returned null")?;
    // SAFETY: the function takes nothing and returns a static, zero-terminated string.
    let version = unsafe { CStr::from_ptr((base.GetVersionString)()) };
    let version = version.to_str().map_err(|cause| cause.to_string())?.to_owned();
    let path = file_of(get_api_base as *const ()).unwrap_or_else(|| path.to_owned());
    // Never unmapped: a library of this size may not survive that, and a second probe costs nothing.
    std::mem::forget(library);
    Ok(Mapped { version, path })
}

/// The folder of the file that this code was linked into: the executable, or a language binding's shared library.
pub(super) fn own_folder() -> Option<PathBuf> {
    Some(file_of(own_folder as *const ())?.parent()?.to_owned())
}

#[cfg(unix)]
fn file_of(address: *const ()) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;

    let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: `info` is valid for writes; a zeroed `Dl_info` is valid too, as it holds only pointers.
    let info = unsafe {
        if libc::dladdr(address.cast(), info.as_mut_ptr()) == 0 {
            return None;
        }
        info.assume_init()
    };
    if info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: the loader keeps this zero-terminated string as long as the library is mapped.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    let path = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
    // The loader knows the executable by the name that it was started with. A relative one is useless once the
    // working folder has changed, or worse, it names a file that somebody else put there.
    if path.is_absolute() { path.canonicalize().ok() } else { None }
}

/// On other platforms, the executable's own folder is used instead.
#[cfg(not(unix))]
fn file_of(_: *const ()) -> Option<PathBuf> {
    None
}
