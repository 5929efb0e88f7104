//! Transactions, as the journal keeps them.

use std::fmt::{self, Write as _};

use packshot_api::service::{Credits, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::Id;
use crate::words::words;

/// Where credits of a grant are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Outside: what an account was given comes from here.
    Issued,
    /// Free to be used.
    Available,
    /// Reserved by a hold.
    Held,
    /// Spent.
    Consumed,
    /// Not used before the grant ended.
    Expired,
    /// Taken back by a correction.
    Voided,
}

/// What a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// Gave credits.
    Grant,
    /// Reserved credits.
    Hold,
    /// Spent what was held, or a part of it.
    Capture,
    /// Returned what was held.
    Void,
    /// Ended credits, or a hold, whose time was over.
    Expire,
    /// Corrects an earlier transaction.
    Correct,
}

words!(pub Bucket {
    Issued = "issued",
    Available = "available",
    Held = "held",
    Consumed = "consumed",
    Expired = "expired",
    Voided = "voided",
});
words!(pub TransactionKind {
    Grant = "grant",
    Hold = "hold",
    Capture = "capture",
    Void = "void",
    Expire = "expire",
    Correct = "correct",
});

/// Credits that move within a grant: a debit of one bucket and the same credit of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The grant whose credits they are.
    pub grant: Id,
    /// Where they were.
    pub from: Bucket,
    /// Where they are afterwards.
    pub to: Bucket,
    /// How many; more than none.
    pub amount: Credits,
}

/// One transaction of an account's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its number in the account's journal: 1, 2, 3 without a gap.
    pub seq: i64,
    /// The [`Command`](super::Command) as JSON, exactly as it is hashed.
    pub request: String,
    /// What it is.
    pub kind: TransactionKind,
    /// The grant or hold that it made or ended; without one where several grants expired.
    pub subject: Option<Id>,
    /// How many credits it gave, reserved, spent or returned.
    pub amount: Credits,
    /// The number of the transaction that it corrects.
    pub corrects: Option<i64>,
    /// When the service made it.
    pub at: Time,
    /// What it moves.
    pub transfers: Vec<Transfer>,
}

/// SHA-256 over a transaction and the hash of the one before it.
pub(super) type Hash = [u8; 32];

/// What stands for the hash before an account's first transaction.
pub(super) const START: Hash = [0; 32];

impl Transaction {
    /// The hash of this transaction of `account` after the one with hash `previous`.
    ///
    /// It is SHA-256 over lines of text: the previous hash in hexadecimal; account, number, time, kind, subject, amount
    /// and corrected number (`-` for none); the command as JSON; and for each transfer its grant, buckets and amount.
    pub(super) fn hash(&self, account: Id, previous: &Hash) -> Hash {
        let mut text = String::new();
        previous.iter().for_each(|byte| push(&mut text, format_args!("{byte:02x}")));
        let (seq, at, kind, amount) = (self.seq, self.at.as_micros(), self.kind, self.amount.as_millis());
        let subject = self.subject.map_or("-".to_owned(), |id| id.to_string());
        let corrects = self.corrects.map_or("-".to_owned(), |seq| seq.to_string());
        push(
            &mut text,
            format_args!("\n{account} {seq} {at} {kind} {subject} {amount} {corrects}\n{}\n", self.request),
        );
        for Transfer { grant, from, to, amount } in &self.transfers {
            push(&mut text, format_args!("{grant} {from} {to} {}\n", amount.as_millis()));
        }
        Sha256::digest(text).into()
    }
}

fn push(text: &mut String, part: fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    text.write_fmt(part).ok();
}
