//! Options as JSON, the way bindings hand them over.

use packshot_api::{Document, DocumentFault, Step};
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};

/// Reads options, such as [`api::RemoveBackground`](packshot_api::RemoveBackground), from JSON.
///
/// # Errors
/// [`Code::OptionInvalid`], which names the unknown option or value and the accepted ones.
pub fn from_json<T: DeserializeOwned>(json: &str) -> Result<T> {
    Document::json(json).and_then(|document| document.read()).map_err(invalid)
}

/// Of a step, people who call a tool know only the options.
fn invalid(DocumentFault { key, message, .. }: DocumentFault) -> Error {
    let option = match key.split_once('.') {
        Some((tool, option)) if Step::NAMES.contains(&tool) => option,
        _ => key.as_str(),
    };
    let error = Error::new(Code::OptionInvalid, message);
    if option.is_empty() { error } else { error.with("option", option) }
}
