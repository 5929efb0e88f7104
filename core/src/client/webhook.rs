//! Webhooks by the rules of Standard Webhooks: an HMAC-SHA256 (`v1`) over id, time and payload.
//!
//! ```
//! use std::time::SystemTime;
//! use packshot::client::webhook::{Secret, sign, verify};
//!
//! let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
//! let (payload, now) = (br#"{"type": "hold.captured"}"#, SystemTime::now());
//! // As a service signs, and a test of the receiver:
//! let signature = sign(&secret, "msg_1", now, payload)?;
//! let seconds = now.duration_since(SystemTime::UNIX_EPOCH)?.as_secs().to_string();
//! // As the receiver verifies. `header` returns what came in a header of the request.
//! let header = |name: &str| match name {
//!     "webhook-id" => Some("msg_1"),
//!     "webhook-timestamp" => Some(seconds.as_str()),
//!     "webhook-signature" => Some(signature.as_str()),
//!     _ => None,
//! };
//! verify(&[secret], header, payload, now)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header with the id of a message: the same in each delivery of it, so that receivers can skip a second one.
pub const ID: &str = "webhook-id";
/// The header with the time of a delivery, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures.
pub const SIGNATURE: &str = "webhook-signature";
/// How far the time of a delivery may be from the receiver's.
pub const TOLERANCE: Duration = Duration::from_secs(300);

const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a webhook cannot be signed or trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// The secret is too short or too long, or not Base64.
    #[error("the secret has {found} bytes instead of 24 to 64; copy it again from where the webhook is set up")]
    SecretLength {
        /// How many it has.
        found: usize,
    },
    /// The secret is not Base64.
    #[error("the secret is not Base64; copy it again, with its `whsec_`")]
    SecretUnreadable,
    /// No secret was given.
    #[error("there is no secret to verify with")]
    NoSecret,
    /// The id of a message contains a full stop, which separates what is signed, or is empty.
    #[error("the id of a message is not empty and has no full stop")]
    IdInvalid,
    /// A header is missing.
    #[error("the header `{0}` is missing")]
    HeaderMissing(&'static str),
    /// The time is not a number.
    #[error("the header `webhook-timestamp` is not a number of seconds")]
    TimestampUnreadable,
    /// The message is too old: somebody may have recorded it.
    #[error("the message was sent {by} s ago, more than 300 s; check the clock of this machine")]
    TooOld {
        /// In seconds.
        by: u64,
    },
    /// The message comes from the future.
    #[error("the message was sent {by} s in the future, more than 300 s; check the clock of this machine")]
    TooNew {
        /// In seconds.
        by: u64,
    },
    /// There is no signature of a version that is known.
    #[error("the header `webhook-signature` has no signature of version v1")]
    NoSignature,
    /// The signatures do not match.
    #[error(
        "no signature matches: the secret is another one, or the payload is not the bytes that came (not parsed and \
             written again)"
    )]
    Mismatch,
}

/// A secret of a webhook. It is never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// From its text: `whsec_` and Base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// If it is empty, too short or too long, or not Base64.
    pub fn parse(text: &str) -> Result<Self, WebhookError> {
        let text = text.trim();
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text));
        Self::new(bytes.map_err(|_| WebhookError::SecretUnreadable)?)
    }

    /// From its 24 to 64 bytes.
    ///
    /// # Errors
    /// If there are fewer or more.
    pub fn new(bytes: Vec<u8>) -> Result<Self, WebhookError> {
        if LENGTHS.contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(WebhookError::SecretLength { found: bytes.len() })
        }
    }

    fn mac(&self, id: &str, timestamp: &str, payload: &[u8]) -> Result<Hmac<Sha256>, WebhookError> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0);
        let mac = mac.map_err(|_| WebhookError::SecretLength { found: self.0.len() })?;
        Ok(mac.chain_update(id).chain_update(".").chain_update(timestamp).chain_update(".").chain_update(payload))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The header [`SIGNATURE`] of a message. While a secret is replaced, the signatures of both, with a space between them.
///
/// # Errors
/// If the id cannot be signed.
pub fn sign(secret: &Secret, id: &str, at: SystemTime, payload: &[u8]) -> Result<String, WebhookError> {
    if id.is_empty() || id.contains('.') {
        return Err(WebhookError::IdInvalid);
    }
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let mac = secret.mac(id, &seconds.to_string(), payload)?;
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Verifies that a message comes from somebody who knows one of `secrets` (two while a secret is replaced), and that it is at
/// most 300 s old. `header` returns the value of a header, whose name is in lower case; `payload` is the body as it came.
///
/// Signatures are compared in a time that does not depend on them. Ids are not remembered: skip those that were seen before.
///
/// # Errors
/// What is wrong with the message.
pub fn verify<'h>(
    secrets: &[Secret],
    header: impl Fn(&'static str) -> Option<&'h str>,
    payload: &[u8],
    now: SystemTime,
) -> Result<(), WebhookError> {
    let header = |name| header(name).filter(|value| !value.is_empty()).ok_or(WebhookError::HeaderMissing(name));
    let (id, timestamp, signatures) = (header(ID)?, header(TIMESTAMP)?, header(SIGNATURE)?);
    if secrets.is_empty() {
        return Err(WebhookError::NoSecret);
    }
    is_recent(timestamp, now)?;
    let versions = signatures.split_ascii_whitespace().filter_map(|signature| signature.split_once(','));
    let signatures: Vec<_> = versions.filter(|(version, _)| *version == "v1").map(|(_, signature)| signature).collect();
    if signatures.is_empty() {
        return Err(WebhookError::NoSignature);
    }
    for secret in secrets {
        let mac = secret.mac(id, timestamp, payload)?;
        let known =
            |signature: &&str| STANDARD.decode(signature).is_ok_and(|bytes| mac.clone().verify_slice(&bytes).is_ok());
        if signatures.iter().any(known) {
            return Ok(());
        }
    }
    Err(WebhookError::Mismatch)
}

fn is_recent(timestamp: &str, now: SystemTime) -> Result<(), WebhookError> {
    let sent: i64 = timestamp.parse().map_err(|_| WebhookError::TimestampUnreadable)?;
    let now = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let age = i64::try_from(now).unwrap_or(i64::MAX).saturating_sub(sent);
    match age.unsigned_abs() {
        by if by <= TOLERANCE.as_secs() => Ok(()),
        by if age > 0 => Err(WebhookError::TooOld { by }),
        by => Err(WebhookError::TooNew { by }),
    }
}

#[cfg(test)]
mod tests;
