//! How many credits an account has.

use packshot_api::service::Credits;

use super::book::GrantState;
use super::rows::{JOURNAL, grant_columns, transactions};
use super::{Ledger, Transaction};
use crate::error::Result;
use crate::id::Id;
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
        const GRANTS: &str = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM credit_grant g WHERE g.account = $1 ORDER BY g.priority, g.expires_at NULLS LAST, g.seq"
        );
        self.store.rows(GRANTS, &[(&account).into()]).await?.iter().map(Row::grant).collect()
    }

    /// Transactions of an account after the one with number `after`, in their order, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn journal(&self, account: Id, after: i64, limit: u32) -> Result<Vec<Transaction>> {
        let rows = self.store.rows(JOURNAL, &[(&account).into(), after.into(), i64::from(limit).into()]).await?;
        Ok(transactions(&rows)?.into_iter().map(|(transaction, _)| transaction).collect())
    }
}
