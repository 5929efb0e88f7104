//! Idempotency keys.

use crate::digest::Hex;

/// A key that nobody has used: 128 random bits.
pub(super) fn new() -> Result<String, String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|cause| format!("the system has no random numbers: {cause}"))?;
    Ok(Hex(&bits).to_string())
}
