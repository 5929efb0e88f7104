//! What tools say about their options, told as a fault of the recipe.

use packshot_api::{self as api, DocumentFault};

use crate::error::{Code, Error};

/// Names the option of the step at `index` that `error` is about.
pub(super) fn of_step(index: usize, step: &api::Step, error: &Error) -> DocumentFault {
    let option = error.context().find(|(key, _)| *key == "option").map(|(_, option)| format!(".{option}"));
    let facts = error.context().filter(|(key, _)| *key != "option").map(|(key, value)| format!(" ({key}: {value})"));
    DocumentFault {
        line: None,
        key: format!("steps[{index}].{}{}", step.name(), option.unwrap_or_default()),
        message: format!("{}{}", error.message(), facts.collect::<String>()),
    }
}

/// The error for the person who wrote the recipe.
pub(super) fn error(fault: &DocumentFault) -> Error {
    let error = Error::new(Code::RecipeInvalid, fault.to_string());
    match fault.line {
        Some(line) => error.with("line", line),
        None => error,
    }
}
