//! Columns of the ledger's tables, and how their rows are read.

use packshot_api::service::{Credits, Time};

use super::book::{GrantState, HoldState};
use super::journal::Hash;
use super::{Bucket, Transaction, TransactionKind, Transfer};
use crate::error::Result;
use crate::refusal::HoldEnd;
use crate::store::Row;

/// Columns of a grant `g`, for [`Row::grant`].
macro_rules! grant_columns {
    () => {
        "g.id, g.seq, g.source, g.priority, g.expires_at, g.granted, g.available, g.held, g.consumed, g.expired, g.voided"
    };
}

/// Columns of a hold `h`, for [`Row::hold`].
macro_rules! hold_columns {
    () => {
        "h.id AS hold_id, h.seq AS hold_seq, h.amount AS hold_amount, h.quoted, h.captured, h.state, \
        h.expires_at AS hold_expires_at"
    };
}

/// Columns of a transaction `t`, for [`Row::transaction`].
macro_rules! transaction_columns {
    () => {
        "t.seq AS tx_seq, t.request, t.kind, t.subject, t.amount AS tx_amount, t.corrects, t.at"
    };
}

/// Columns of a transfer `m`, for [`Row::transfer`].
macro_rules! transfer_columns {
    () => {
        "m.grant_id, m.from_bucket, m.to_bucket, m.amount"
    };
}

pub(super) use {grant_columns, hold_columns, transaction_columns, transfer_columns};

/// The next `$3` transactions of account `$1` after number `$2`, a row for each transfer.
pub(super) const JOURNAL: &str = concat!(
    "SELECT t.hash, ",
    transaction_columns!(),
    ", ",
    transfer_columns!(),
    " FROM (SELECT * FROM credit_transaction WHERE account = $1 AND seq > $2 ORDER BY seq LIMIT $3) t \
    JOIN credit_transfer m ON m.account = t.account AND m.seq = t.seq ORDER BY t.seq, m.position"
);

/// The transactions that rows of [`JOURNAL`] tell, with their hashes.
pub(super) fn transactions(rows: &[Row]) -> Result<Vec<(Transaction, Hash)>> {
    let mut journal: Vec<(Transaction, Hash)> = Vec::new();
    for row in rows {
        let seq = row.int("tx_seq")?;
        if journal.last().is_none_or(|(last, _)| last.seq != seq) {
            journal.push((row.transaction()?, row.bytes("hash")?));
        }
        if let Some((last, _)) = journal.last_mut() {
            last.transfers.push(row.transfer()?);
        }
    }
    Ok(journal)
}

/// How the state of a hold is stored.
pub(super) fn state_word(end: Option<HoldEnd>) -> &'static str {
    end.map_or("open", HoldEnd::word)
}

/// Rows as the ledger's queries name their columns.
impl Row {
    fn credits(&self, column: &str) -> Result<Credits> {
        Ok(Credits::sum_of_millis(self.int(column)?))
    }

    pub(super) fn grant(&self) -> Result<GrantState> {
        Ok(GrantState {
            id: self.id("id")?,
            seq: self.int("seq")?,
            source: self.text("source")?,
            priority: self.int("priority")?,
            expires_at: self.maybe_int("expires_at")?.map(Time::from_micros),
            granted: self.credits("granted")?,
            available: self.credits("available")?,
            held: self.credits("held")?,
            consumed: self.credits("consumed")?,
            expired: self.credits("expired")?,
            voided: self.credits("voided")?,
        })
    }

    pub(super) fn hold(&self) -> Result<HoldState> {
        Ok(HoldState {
            id: self.id("hold_id")?,
            seq: self.int("hold_seq")?,
            amount: self.credits("hold_amount")?,
            quoted: self.credits("quoted")?,
            captured: self.credits("captured")?,
            end: self.word("state", |word| {
                if word == state_word(None) { Some(None) } else { HoldEnd::from_word(word).map(Some) }
            })?,
            expires_at: Time::from_micros(self.int("hold_expires_at")?),
        })
    }

    /// A transaction, without its transfers.
    pub(super) fn transaction(&self) -> Result<Transaction> {
        Ok(Transaction {
            seq: self.int("tx_seq")?,
            request: self.text("request")?,
            kind: self.word("kind", TransactionKind::from_word)?,
            subject: self.maybe_id("subject")?,
            amount: self.credits("tx_amount")?,
            corrects: self.maybe_int("corrects")?,
            at: Time::from_micros(self.int("at")?),
            transfers: Vec::new(),
        })
    }

    pub(super) fn transfer(&self) -> Result<Transfer> {
        Ok(Transfer {
            grant: self.id("grant_id")?,
            from: self.word("from_bucket", Bucket::from_word)?,
            to: self.word("to_bucket", Bucket::from_word)?,
            amount: self.credits("amount")?,
        })
    }
}
