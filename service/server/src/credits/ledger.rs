//! Runs commands on the credits of accounts, each once.

use super::rows::hold_columns;
use super::{Command, HoldState, Key, Receipt, read, rules, write};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::refusal::Refusal;
use crate::store::Store;

/// How often a command is tried when other processes write about the same account. Each time one of them succeeds.
const ATTEMPTS: u32 = 32;

/// The credits of all accounts. Clones share it.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) store: Store,
    pub(super) clock: Clock,
}

impl Ledger {
    /// The ledger in this database, with this clock.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Does what `command` says to the credits of `account`, once for each `key`: another call with the same key and
    /// command has the first one's receipt. When this returns the effect is on disk.
    ///
    /// # Errors
    /// [`Error::Refused`], after which nothing has changed; [`Error::KeyReused`] for a key that another command had.
    /// After an error of the database the same call can be made again.
    pub async fn execute(&self, account: Id, key: &Key, command: &Command) -> Result<Receipt> {
        self.attempts(account, Some(key), command).await
    }

    async fn attempts(&self, account: Id, key: Option<&Key>, command: &Command) -> Result<Receipt> {
        let mut attempts = 1..ATTEMPTS;
        loop {
            match self.attempt(account, key, command).await {
                Err(error) if error.is_taken_in("credit_hold") || error.is_taken_in("credit_grant") => {
                    return Err(Refusal::IdTaken.into());
                }
                Err(error) if error.is_conflict() && attempts.next().is_some() => {}
                answer => return answer,
            }
        }
    }

    async fn attempt(&self, account: Id, key: Option<&Key>, command: &Command) -> Result<Receipt> {
        let mut tx = self.store.begin_about(account).await?;
        let key = key.map(Key::digest);
        let (book, earlier) = read::book(&mut tx, account, key.as_ref(), command).await?;
        let answer = match earlier {
            Some(earlier) if earlier.request == command.to_json()? => Ok(Receipt::of(&earlier, true)),
            Some(_) => Err(Error::KeyReused),
            None => match rules::apply(book, command, self.clock.now()) {
                Ok(change) => {
                    tx.commit_with(write::change(&account, key.as_ref(), &change, command)).await?;
                    return Ok(Receipt::of(&change.transaction, false));
                }
                Err(refusal) => Err(refusal),
            },
        };
        tx.give_up().await?;
        answer
    }

    /// Ends holds and grants whose time is over, at most `limit` of them in one call. Returns how many ended; fewer than
    /// `limit` means that nothing else is due.
    ///
    /// # Errors
    /// What the database says. Those that ended before stay ended.
    pub async fn expire_due(&self, limit: u32) -> Result<u32> {
        const HOLDS: &str = "SELECT account, id FROM credit_hold WHERE state = 'open' AND expires_at <= $1 \
            ORDER BY expires_at LIMIT $2";
        const GRANTS: &str = "SELECT DISTINCT account FROM credit_grant \
            WHERE available > 0 AND expires_at IS NOT NULL AND expires_at <= $1 LIMIT $2";
        let values = [self.clock.now().as_micros().into(), i64::from(limit).into()];
        let mut due = Vec::new();
        for row in self.store.rows(HOLDS, &values).await? {
            due.push((row.id("account")?, Command::ExpireHold { hold: row.id("id")? }));
        }
        for row in self.store.rows(GRANTS, &values).await? {
            due.push((row.id("account")?, Command::ExpireGrants));
        }
        let mut ended = 0;
        for (account, command) in due.into_iter().take(limit as usize) {
            match self.attempts(account, None, &command).await {
                Ok(_) => ended += 1,
                // Somebody else ended it in the meantime.
                Err(Error::Refused(Refusal::HoldEnded(_) | Refusal::NothingExpired)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ended)
    }

    /// Ends all connections; what was confirmed is on disk.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// A hold of an account.
    ///
    /// # Errors
    /// [`Refusal::UnknownHold`], or what the database says.
    pub async fn hold(&self, account: Id, hold: Id) -> Result<HoldState> {
        const HOLD: &str =
            concat!("SELECT ", hold_columns!(), " FROM credit_hold h WHERE h.account = $1 AND h.id = $2");
        let rows = self.store.rows(HOLD, &[(&account).into(), (&hold).into()]).await?;
        rows.first().ok_or(Refusal::UnknownHold)?.hold()
    }
}
