//! Options as JSON, the way bindings hand them over.

use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};

/// Reads options, such as [`api::RemoveBackground`](packshot_api::RemoveBackground), from a JSON object.
///
/// # Errors
/// [`Code::OptionInvalid`], which names the unknown key or value and the accepted ones.
pub fn from_json<T: DeserializeOwned>(json: &str) -> Result<T> {
    let invalid = |message: String| Error::new(Code::OptionInvalid, message);
    // In two steps, so that messages of the second name keys and values, not columns of a text that the user never saw.
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|cause| invalid(format!("the options are not JSON: {cause}")))?;
    // serde would accept a list as the fields in order, and an empty one as defaults.
    if value.is_array() {
        let wanted = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        return Err(invalid(format!("the options are a list; give those of {wanted} by name")));
    }
    serde_json::from_value(value).map_err(|cause| invalid(cause.to_string()))
}
