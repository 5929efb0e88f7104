//! Errors of tools about their options, as faults of the recipe.

use packshot_api::{self as api, DocumentFault};

use crate::error::{Code, Error};

/// The fault for `error`, with the key of the option in the step at `index`.
pub(super) fn of_step(index: usize, step: &api::Step, error: &Error) -> DocumentFault {
    let option = error.context().find(|(key, _)| *key == "option").map(|(_, option)| format!(".{option}"));
    let facts = error.context().filter(|(key, _)| *key != "option").map(|(key, value)| format!(" ({key}: {value})"));
    DocumentFault {
        line: None,
        key: format!("steps[{index}].{}{}", step.name(), option.unwrap_or_default()),
        message: format!("{}{}", error.message(), facts.collect::<String>()),
    }
}

/// The fault as an error.
pub(super) fn error(fault: &DocumentFault) -> Error {
    let error = Error::new(Code::RecipeInvalid, fault.to_string());
    match fault.line {
        Some(line) => error.with("line", line),
        None => error,
    }
}
