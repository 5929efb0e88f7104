//! From the core's errors to the classes in `packshot/errors.py`.

use std::error::Error as StdError;
use std::io;

use packshot::{Code, Error, Result};
use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;

/// The exception for `error`, with its causes.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    let context: Vec<_> = error.context().collect();
    let (code, kind) = (error.code().as_str(), error.kind().as_str());
    let facts = (code, kind, error.message(), error.remedy(), error.retryable(), context);
    let made = py.import("packshot.errors").and_then(|errors| errors.call_method1("made", facts));
    let exception = made.map_or_else(|failure| failure, PyErr::from_value);
    exception.set_cause(py, error.source().map(|source| cause(py, source)));
    exception
}

/// The result, with its error as an exception.
pub(crate) fn raise<T>(py: Python<'_>, result: Result<T>) -> PyResult<T> {
    result.map_err(|error| exception(py, &error))
}

/// The exception for an argument that is refused before the core sees it.
#[pyfunction]
#[pyo3(signature = (message, option=None))]
pub(crate) fn refusal(py: Python<'_>, message: &str, option: Option<&str>) -> Py<PyAny> {
    let error = Error::new(Code::OptionInvalid, message);
    let error = match option {
        Some(option) => error.with("option", option),
        None => error,
    };
    exception(py, &error).into_value(py).into_any()
}

fn cause(py: Python<'_>, error: &(dyn StdError + 'static)) -> PyErr {
    if let Some(error) = error.downcast_ref::<Error>() {
        return exception(py, error);
    }
    let errno = error.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
    let exception = match errno {
        // With a number, Python chooses the class: FileNotFoundError, PermissionError and so on.
        Some(errno) => PyOSError::new_err((errno, error.to_string())),
        None => PyRuntimeError::new_err(error.to_string()),
    };
    exception.set_cause(py, error.source().map(|source| cause(py, source)));
    exception
}
