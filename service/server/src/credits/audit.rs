//! Checks an account's journal, and rebuilds from it what is derived.

use packshot_api::service::Credits;

use super::book::{GrantState, HoldState};
use super::journal::{Hash, START};
use super::rows::{JOURNAL, grant_columns, hold_columns, transactions};
use super::rules::new_grant;
use super::{Command, Ledger, Transaction, write};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::HoldEnd;
use crate::store::{Row, Tx, Writes};

/// What an account's journal says, compared with what is derived from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// How many transactions it has.
    pub transactions: i64,
    /// What is wrong, in a sentence each.
    pub faults: Vec<String>,
}

/// The state that a journal leads to.
#[derive(Debug, Default)]
struct Replay {
    grants: Vec<GrantState>,
    holds: Vec<HoldState>,
    seq: i64,
    head: Hash,
    faults: Vec<String>,
}

impl Ledger {
    /// Replays the journal of an account: numbers without a gap, an unbroken chain of hashes, no bucket ever below zero,
    /// and grants and holds as the account has them.
    ///
    /// # Errors
    /// What the database says. Faults of the journal are no errors here; they are in the answer.
    pub async fn audit(&self, account: Id) -> Result<Audit> {
        let mut tx = self.store.snapshot().await?;
        let mut replay = replay(&mut tx, account).await?;
        let grants = tx.rows(GRANTS, &[(&account).into()]).await?;
        let holds = tx.rows(HOLDS, &[(&account).into()]).await?;
        if grants.iter().map(Row::grant).collect::<Result<Vec<_>>>()? != replay.grants {
            replay.faults.push("the grants are not as the journal says".to_owned());
        }
        if holds.iter().map(Row::hold).collect::<Result<Vec<_>>>()? != replay.holds {
            replay.faults.push("the holds are not as the journal says".to_owned());
        }
        Ok(Audit { transactions: replay.seq, faults: replay.faults })
    }

    /// Makes the grants and holds of an account anew from its journal.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a journal with a fault, which then stays as it is.
    pub async fn rebuild(&self, account: Id) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.lock("LOCK TABLE credit_transaction IN SHARE ROW EXCLUSIVE MODE").await?;
        let replay = replay(&mut tx, account).await?;
        if let Some(fault) = replay.faults.into_iter().next() {
            return Err(Error::Corrupt(fault));
        }
        let mut old = Writes::default();
        old.add("DELETE FROM credit_grant WHERE account = $1", [(&account).into()]);
        old.add("DELETE FROM credit_hold WHERE account = $1", [(&account).into()]);
        tx.run(old).await?;
        for grant in &replay.grants {
            let mut new = Writes::default();
            write::insert_grant(&mut new, &account, grant);
            tx.run(new).await?;
        }
        for hold in &replay.holds {
            let mut new = Writes::default();
            write::insert_hold(&mut new, &account, hold);
            tx.run(new).await?;
        }
        tx.commit().await
    }
}

const GRANTS: &str = concat!("SELECT ", grant_columns!(), " FROM credit_grant g WHERE g.account = $1 ORDER BY g.seq");
const HOLDS: &str = concat!("SELECT ", hold_columns!(), " FROM credit_hold h WHERE h.account = $1 ORDER BY h.seq");

/// Transactions read at a time.
const PAGE: i64 = 1000;

async fn replay(tx: &mut Tx, account: Id) -> Result<Replay> {
    let mut replay = Replay { head: START, ..Replay::default() };
    loop {
        let rows = tx.rows(JOURNAL, &[(&account).into(), replay.seq.into(), PAGE.into()]).await?;
        if rows.is_empty() {
            return Ok(replay);
        }
        for (transaction, hash) in transactions(&rows)? {
            replay.step(account, &transaction, hash);
        }
    }
}

impl Replay {
    fn step(&mut self, account: Id, transaction: &Transaction, hash: Hash) {
        let seq = transaction.seq;
        if seq != self.seq + 1 {
            self.faults.push(format!("transaction {} is missing", self.seq + 1));
        }
        if transaction.hash(account, &self.head) != hash {
            self.faults.push(format!("transaction {seq} is not what was hashed"));
        }
        if let Err(fault) = self.apply(transaction) {
            self.faults.push(format!("transaction {seq}: {fault}"));
        }
        (self.seq, self.head) = (seq, hash);
    }

    fn apply(&mut self, transaction: &Transaction) -> Result<()> {
        match Command::from_json(&transaction.request)? {
            Command::Grant(new) => self.grants.push(new_grant(&new, transaction.seq)),
            Command::Hold { id, amount, quoted, expires_in } => {
                let (seq, quoted) = (transaction.seq, quoted.unwrap_or(amount));
                let expires_at = transaction.at + expires_in;
                self.holds.push(HoldState { id, seq, amount, quoted, captured: Credits::ZERO, end: None, expires_at });
            }
            Command::Capture { hold, amount } => self.end(hold, HoldEnd::Captured, amount)?,
            Command::Void { hold } => self.end(hold, HoldEnd::Voided, Credits::ZERO)?,
            Command::ExpireHold { hold } => self.end(hold, HoldEnd::Expired, Credits::ZERO)?,
            Command::ExpireGrants | Command::Correct { .. } => {}
        }
        for transfer in &transaction.transfers {
            let grant = self.grants.iter_mut().find(|grant| grant.id == transfer.grant);
            let grant = grant.ok_or_else(|| Error::Corrupt(format!("grant {} is missing", transfer.grant)))?;
            grant.transfer(transfer.from, transfer.to, transfer.amount)?;
        }
        Ok(())
    }

    fn end(&mut self, id: Id, end: HoldEnd, captured: Credits) -> Result<()> {
        let hold = self.holds.iter_mut().find(|hold| hold.id == id);
        let hold = hold.ok_or_else(|| Error::Corrupt(format!("hold {id} is missing")))?;
        if hold.end.is_some() {
            return Err(Error::Corrupt(format!("hold {id} ends twice")));
        }
        (hold.end, hold.captured) = (Some(end), captured);
        Ok(())
    }
}
