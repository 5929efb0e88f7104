//! Work that one copy of the service does at a time.

use std::time::Duration;

use packshot_api::service::Time;

use crate::error::Result;
use crate::id::Id;
use crate::store::{Store, Writes};

/// How long a copy has its turn without saying that it lives.
const TURN: Duration = Duration::from_secs(60);

/// One copy's turn, until another one takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lease {
    name: &'static str,
    holder: Id,
}

impl Lease {
    pub(crate) const fn new(name: &'static str, holder: Id) -> Self {
        Self { name, holder }
    }

    /// Takes the turn, or keeps it; `false` while another copy has it.
    pub(crate) async fn take(self, store: &Store, now: Time) -> Result<bool> {
        const HOLDER: &str = "SELECT holder FROM lease WHERE name = $1";
        let until = now + TURN;
        let mut tx = store.begin().await?;
        let mut writes = Writes::default();
        // Of two that ask at the same time, the second waits for the first, and then finds it there.
        writes.add(
            "INSERT INTO lease VALUES ($1, $2, $3, 1) ON CONFLICT (name) DO UPDATE \
             SET holder = excluded.holder, until_at = excluded.until_at, fence = lease.fence + 1 \
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
        let mine = rows.first().map(|row| row.id("holder")).transpose()? == Some(self.holder);
        tx.commit().await?;
        Ok(mine)
    }

    /// Lets others have it.
    pub(crate) async fn leave(self, store: &Store) -> Result<()> {
        let mut writes = Writes::default();
        writes.add("DELETE FROM lease WHERE name = $1 AND holder = $2", [self.name.into(), self.holder.into()]);
        store.begin().await?.commit_with(writes).await
    }
}
