//! The native half of the Python package: it converts, lets go of the GIL, calls the core and converts the answer.
//! What people see is `packshot/*.py`; options come from there as JSON, which the core reads.

mod call;
#[cfg(feature = "command")]
mod command;
mod encoded;
mod engine;
mod error;
#[cfg(feature = "faults")]
mod faults;
mod input;
mod models;
mod photo;
mod ran;
mod recipe;

/// Large buffers go back to the system as soon as they are freed.
#[global_allocator]
static ALLOCATOR: packshot::PageAllocator = packshot::PageAllocator;

/// The native half of `packshot`, which is private.
#[pyo3::pymodule]
mod _packshot {
    #[pymodule_export]
    use super::call::CancelToken;
    #[cfg(feature = "command")]
    #[pymodule_export]
    use super::command::run_command;
    #[pymodule_export]
    use super::engine::Engine;
    #[pymodule_export]
    use super::error::refusal;
    #[cfg(feature = "faults")]
    #[pymodule_export]
    use super::faults::_inject_fault;
    #[pymodule_export]
    use super::models::Models;
    #[pymodule_export]
    use super::photo::Photo;
    #[pymodule_export]
    use super::recipe::Recipe;
    #[pymodule_export]
    use super::recipe::Rendition;

    #[pymodule_init]
    #[allow(unsafe_code, reason = "keeps ONNX Runtime's telemetry off, before anything can load it")]
    fn init() {
        // SAFETY: Python changes the environment with the GIL held, and while it imports a module this thread holds it.
        unsafe { packshot::disable_ort_telemetry() };
    }
}
