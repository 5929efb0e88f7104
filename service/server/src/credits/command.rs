//! What a ledger is asked to do, and what it answers.

use std::time::Duration;

use packshot_api::service::{Credits, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Transaction, TransactionKind};
use crate::error::{Error, Result};
use crate::id::Id;

/// Names a request, so that it has its effect once however often it arrives. The caller makes it, before the first byte
/// is sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// A key of 1 to 255 visible ASCII characters; `None` for any other text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let visible = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        visible.then_some(Self(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the journal keeps it. The text itself may hold what its author thought up.
    pub(super) fn digest(&self) -> [u8; 16] {
        let mut short = [0; 16];
        short.copy_from_slice(&Sha256::digest(&self.0)[..16]);
        short
    }
}

/// Credits to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGrant {
    /// The id that the grant gets.
    pub id: Id,
    /// How many.
    pub amount: Credits,
    /// Where they come from, such as `plan`, `purchase` or `gift`.
    pub source: String,
    /// Grants with a lower number are used first.
    pub priority: i64,
    /// From this moment on what is not held or spent is gone.
    pub expires_at: Option<Time>,
}

/// What can be done with an account's credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum Command {
    /// Gives credits.
    Grant(NewGrant),
    /// Reserves credits.
    Hold {
        /// The id that the hold gets.
        id: Id,
        /// How many to reserve.
        amount: Credits,
        /// The price that was quoted: at most this much can be captured. Without one, all that is held.
        quoted: Option<Credits>,
        /// After this time the hold can no longer be captured. A period and not a moment: the same request at another time
        /// is the same command.
        expires_in: Duration,
    },
    /// Spends credits of a hold, returns the rest and ends it.
    Capture {
        /// The hold.
        hold: Id,
        /// How many to spend.
        amount: Credits,
    },
    /// Returns what is held and ends the hold.
    Void {
        /// The hold.
        hold: Id,
    },
    /// Ends a hold whose time is over, and returns what it held.
    ExpireHold {
        /// The hold.
        hold: Id,
    },
    /// Ends the available credits of grants whose time is over.
    ExpireGrants,
    /// Returns spent credits of a capture, or takes back available ones of a grant.
    Correct {
        /// The number of the capture or the grant in the account's journal.
        transaction: i64,
        /// How many.
        amount: Credits,
        /// Why, without personal data.
        reason: String,
    },
}

impl Command {
    /// The command as JSON, as the journal keeps it.
    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|cause| Error::Corrupt(cause.to_string()))
    }

    pub(super) fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|cause| Error::Corrupt(cause.to_string()))
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The number of its transaction in the account's journal.
    pub seq: i64,
    /// What it was.
    pub kind: TransactionKind,
    /// The grant or hold that it made or ended; without one where several grants expired.
    pub subject: Option<Id>,
    /// How many credits it gave, reserved, spent or returned.
    pub amount: Credits,
    /// When it was done.
    pub at: Time,
    /// It was done before, under the same key; this is the first answer.
    pub replayed: bool,
}

impl Receipt {
    pub(super) const fn of(transaction: &Transaction, replayed: bool) -> Self {
        let Transaction { seq, kind, subject, amount, at, .. } = *transaction;
        Self { seq, kind, subject, amount, at, replayed }
    }
}
