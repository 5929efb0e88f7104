//! Options as JSON, the way bindings hand them over.

use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};

/// Reads options, such as [`api::RemoveBackground`](packshot_api::RemoveBackground), from a JSON object.
///
/// # Errors
/// [`Code::OptionInvalid`], with the name of what was not understood and what would have been.
pub fn from_json<T: DeserializeOwned>(json: &str) -> Result<T> {
    let invalid = |message: String| Error::new(Code::OptionInvalid, message);
    // In two steps: the second one's messages then name keys and values and no columns of a text that nobody has seen.
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|cause| invalid(format!("the options are no JSON: {cause}")))?;
    // A list would be taken for the fields in their order, and an empty one for defaults.
    if value.is_array() {
        let wanted = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        return Err(invalid(format!("the options are a list, and should be those of {wanted}, by name")));
    }
    serde_json::from_value(value).map_err(|cause| invalid(cause.to_string()))
}
