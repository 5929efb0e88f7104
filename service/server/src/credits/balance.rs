//! How many credits an account has.

use super::book::{GrantState, HoldState};
use super::{Bucket, Ledger, Transaction, TransactionKind, Transfer};
use crate::amount::Credits;
use crate::clock::Time;
use crate::error::Result;
use crate::id::Id;
use crate::refusal::HoldEnd;
use crate::store::Row;

/// What an account has, and what became of the rest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balance {
    /// Those that can be used now.
    pub available: Credits,
    /// Those that holds reserve.
    pub held: Credits,
    /// Those that were spent.
    pub consumed: Credits,
    /// Those that were not used in time.
    pub expired: Credits,
    /// Those that were taken back.
    pub voided: Credits,
    /// All that were ever given: the sum of the others.
    pub granted: Credits,
}

impl Ledger {
    /// How many credits an account has now. All zero for an account that never had any.
    ///
    /// # Errors
    /// What the database says.
    pub async fn balance(&self, account: Id) -> Result<Balance> {
        let now = self.clock.now();
        let grants = self.grants(account).await?;
        Ok(grants.iter().fold(Balance::default(), |sum, grant| Balance {
            available: sum.available + grant.usable(now),
            held: sum.held + grant.held,
            consumed: sum.consumed + grant.consumed,
            expired: sum.expired + grant.expired + (grant.available - grant.usable(now)),
            voided: sum.voided + grant.voided,
            granted: sum.granted + grant.granted,
        }))
    }

    /// The grants of an account, in the order in which they are used.
    ///
    /// # Errors
    /// What the database says.
    pub async fn grants(&self, account: Id) -> Result<Vec<GrantState>> {
        const GRANTS: &str = "SELECT id, seq, source, priority, expires_at, \
            granted, available, held, consumed, expired, voided FROM credit_grant WHERE account = $1 \
            ORDER BY priority, expires_at NULLS LAST, seq";
        self.store.rows(GRANTS, &[(&account).into()]).await?.iter().map(Row::grant).collect()
    }

    /// Transactions of an account after the one with number `after`, in their order, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn journal(&self, account: Id, after: i64, limit: u32) -> Result<Vec<Transaction>> {
        const JOURNAL: &str = "SELECT t.seq AS tx_seq, t.request, t.kind, t.subject, t.amount AS tx_amount, \
            t.corrects, t.at, m.grant_id, m.from_bucket, m.to_bucket, m.amount FROM credit_transaction t \
            JOIN credit_transfer m ON m.account = t.account AND m.seq = t.seq \
            WHERE t.account = $1 AND t.seq > $2 AND t.seq <= $3 ORDER BY t.seq, m.position";
        let last = after.saturating_add(i64::from(limit));
        let rows = self.store.rows(JOURNAL, &[(&account).into(), after.into(), last.into()]).await?;
        let mut journal: Vec<Transaction> = Vec::new();
        for row in &rows {
            let seq = row.int("tx_seq")?;
            if journal.last().is_none_or(|last| last.seq != seq) {
                journal.push(row.transaction()?);
            }
            if let Some(last) = journal.last_mut() {
                last.transfers.push(row.transfer()?);
            }
        }
        Ok(journal)
    }
}

/// How the state of a hold is stored.
pub(super) fn state_word(end: Option<HoldEnd>) -> &'static str {
    end.map_or("open", HoldEnd::word)
}

/// Rows as the ledger's queries name their columns.
impl Row {
    fn credits(&self, column: &str) -> Result<Credits> {
        Ok(Credits::stored(self.int(column)?))
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
