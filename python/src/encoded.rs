//! Files as `bytes`, large ones in memory of their own.
//!
//! What is in `bytes` lies in the object itself, so Python takes the memory, and the C library gives it. Under Linux that is
//! glibc, and its heap for the thread that asks: a heap keeps twice the largest file that was freed there, and every thread
//! that has ever asked has one. Memory of more than 32 MiB is always a mapping of its own, and stays one when it is cut to
//! fewer bytes; pages that nobody has touched cost nothing. See `docs/decisions/048-large-buffers-go-back.md`.
#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    allow(unsafe_code, reason = "an object with room for more is filled and cut, before anybody has seen it")
)]

use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A copy of `file` as an object of Python's.
pub(crate) fn bytes<'py>(py: Python<'py>, file: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if (mapped::LEAST..mapped::ROOM).contains(&file.len())
        && let Some(resize) = mapped::resize()
    {
        return mapped::bytes(py, file, resize);
    }
    Ok(PyBytes::new(py, file))
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod mapped {
    use std::ffi::c_int;
    use std::sync::OnceLock;

    use pyo3::ffi::{Py_ssize_t, PyBytes_AsString, PyBytes_FromStringAndSize, PyObject};
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    /// Smaller files are cheap to keep, as `packshot::PageAllocator` has it.
    pub(super) const LEAST: usize = 1 << 20;
    /// glibc's limit never grows beyond 32 MiB.
    pub(super) const ROOM: usize = (32 << 20) + 1;

    type Resize = unsafe extern "C" fn(*mut *mut PyObject, Py_ssize_t) -> c_int;

    /// It is documented, but no part of what all versions of Python promise to have, so that it is looked for: without it,
    /// objects are made as usual.
    pub(super) fn resize() -> Option<Resize> {
        static FOUND: OnceLock<Option<Resize>> = OnceLock::new();
        *FOUND.get_or_init(|| {
            // SAFETY: the name ends with a zero, and a function of this name is of this type.
            unsafe {
                let found = libc::dlsym(libc::RTLD_DEFAULT, c"_PyBytes_Resize".as_ptr());
                std::mem::transmute::<*mut libc::c_void, Option<Resize>>(found)
            }
        })
    }

    pub(super) fn bytes<'py>(py: Python<'py>, file: &[u8], resize: Resize) -> PyResult<Bound<'py, PyBytes>> {
        // SAFETY: the object is this function's alone: it has room for `file`, which is shorter, and nobody has read it, so
        // that it may be filled and cut. A failure of either function leaves an exception and no object.
        unsafe {
            let mut object = PyBytes_FromStringAndSize(std::ptr::null(), ROOM as Py_ssize_t);
            if !object.is_null() {
                PyBytes_AsString(object).cast::<u8>().copy_from_nonoverlapping(file.as_ptr(), file.len());
                resize(&raw mut object, file.len() as Py_ssize_t);
            }
            Ok(Bound::from_owned_ptr_or_err(py, object)?.cast_into_unchecked())
        }
    }
}
