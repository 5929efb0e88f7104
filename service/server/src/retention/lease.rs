//! Work that one copy of the service does at a time.

use std::time::Duration;

use packshot_api::service::Time;

use crate::error::{Error, Result};
use crate::id::Id;
use crate::store::{Rows, Store, Writes};

/// How long a copy has its turn without saying that it lives.
const TURN: Duration = Duration::from_secs(60);

/// Who wants a turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lease {
    name: &'static str,
    holder: Id,
}

/// One copy's turn. Each turn of another copy has a higher number, so that one who slept through the end of its turn is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Turn {
    name: &'static str,
    fence: i64,
}

impl Lease {
    pub(crate) const fn new(name: &'static str, holder: Id) -> Self {
        Self { name, holder }
    }

    /// Takes the turn, or keeps it; none while another copy has it.
    pub(crate) async fn take(self, store: &Store, now: Time) -> Result<Option<Turn>> {
        const HOLDER: &str = "SELECT holder, fence FROM lease WHERE name = $1";
        let until = now + TURN;
        let mut tx = store.begin().await?;
        let mut writes = Writes::default();
        // Of two that ask at the same time, the second waits for the first, and then finds it there.
        writes.add(
            "INSERT INTO lease VALUES ($1, $2, $3, 1) ON CONFLICT (name) DO UPDATE \
             SET holder = excluded.holder, until_at = excluded.until_at, \
             fence = lease.fence + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END \
             WHERE lease.holder = excluded.holder OR lease.until_at < $4 OR lease.until_at > $5",
            [
                self.name.into(),
                self.holder.into(),
                until.into(),
                now.into(),
                // A clock that was set back must not keep everybody waiting.
                (until + TURN).into(),
            ],
        );
        tx.run(writes).await?;
        let rows = tx.rows(HOLDER, &[self.name.into()]).await?;
        let row = rows.first().ok_or_else(|| Error::Internal("a turn that was taken is missing".to_owned()))?;
        let (holder, fence) = (row.id("holder")?, row.int("fence")?);
        tx.commit().await?;
        Ok((holder == self.holder).then_some(Turn { name: self.name, fence }))
    }

    /// Lets others have it. The number stays.
    pub(crate) async fn leave(self, store: &Store) -> Result<()> {
        let mut writes = Writes::default();
        writes.add(
            "UPDATE lease SET until_at = 0 WHERE name = $1 AND holder = $2",
            [self.name.into(), self.holder.into()],
        );
        store.begin().await?.commit_with(writes).await
    }
}

impl Turn {
    /// Fails if it is another copy's turn by now.
    pub(crate) async fn check(self, rows: &mut impl Rows) -> Result<()> {
        const FENCE: &str = "SELECT fence FROM lease WHERE name = $1";
        let found = rows.rows(FENCE, &[self.name.into()]).await?;
        match found.first() {
            Some(row) if row.int("fence")? == self.fence => Ok(()),
            _ => Err(Error::Internal(format!("the turn for `{}` went to another copy", self.name))),
        }
    }
}
