//! A transaction of PostgreSQL that several callers share: each has a savepoint, and all have one commit.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::{Executor, PgConnection, SqlSafeStr, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::group::Group;
use crate::error::{Error, Result};

/// Callers who write about the same subject, one after the other.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: AtomicUsize,
    open: Arc<Mutex<Option<Shared>>>,
}

/// How a caller comes out of the queue.
pub(super) enum Entry {
    /// Nobody waits behind: with nobody to share with. The queue goes on when this is dropped.
    Alone(OwnedMutexGuard<Option<Shared>>),
    /// With its turn in the shared transaction.
    Shared(Turn),
}

/// The transaction. Whoever comes after somebody who failed or went away undoes what is left.
#[derive(Debug)]
pub(super) struct Shared {
    transaction: Transaction<'static, sqlx::Postgres>,
    group: Group,
    savepoint: Savepoint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Savepoint {
    None,
    /// Somebody wrote, or was about to.
    Open,
    /// What was written after it is to be kept.
    Done,
}

impl Queue {
    pub(super) async fn enter(&self, pool: &PgPool) -> Result<Entry> {
        let place = Waiting::behind(&self.waiting);
        let mut open = Arc::clone(&self.open).lock_owned().await;
        drop(place);
        if let Some(shared) = &mut *open {
            if let Err(error) = shared.abandon().await {
                let why = error.to_string();
                if let Some(shared) = open.take() {
                    shared.group.end(Err(error));
                }
                return Err(Error::Commit(why));
            }
            return Ok(Entry::Shared(Turn(open)));
        }
        if self.waiting.load(Ordering::Acquire) == 0 {
            return Ok(Entry::Alone(open));
        }
        let (transaction, group) = (begin(pool.acquire().await?, "BEGIN").await?, Group::new());
        *open = Some(Shared { transaction, group, savepoint: Savepoint::None });
        // It queues behind those who wait now, who make the group.
        tokio::spawn(commit(Arc::clone(&self.open)));
        Ok(Entry::Shared(Turn(open)))
    }
}

async fn commit(open: Arc<Mutex<Option<Shared>>>) {
    let mut open = open.lock().await;
    if let Some(mut shared) = open.take() {
        let committed = match shared.abandon().await {
            Ok(()) => shared.transaction.commit().await.map_err(Error::from),
            Err(error) => Err(error),
        };
        shared.group.end(committed);
    }
}

impl Shared {
    async fn abandon(&mut self) -> Result<()> {
        if self.savepoint == Savepoint::Open {
            self.transaction.execute("ROLLBACK TO SAVEPOINT turn").await?;
            self.savepoint = Savepoint::Done;
        }
        Ok(())
    }
}

/// Begins a transaction in a task of its own. If its caller went away meanwhile, sqlx 0.9 would give the connection back with
/// the transaction open, and what the next caller confirms would never be committed.
pub(super) async fn begin(
    connection: PoolConnection<sqlx::Postgres>,
    statement: &'static str,
) -> Result<Transaction<'static, sqlx::Postgres>> {
    let begun = tokio::spawn(Transaction::begin(connection, Some(statement.into_sql_str())));
    Ok(begun.await.map_err(|_| Error::from(sqlx::Error::WorkerCrashed))??)
}

/// The shared transaction, while nobody else uses it.
#[derive(Debug)]
pub(crate) struct Turn(OwnedMutexGuard<Option<Shared>>);

impl Turn {
    pub(super) fn connection(&mut self) -> Result<&mut PgConnection> {
        Ok(&mut self.shared()?.transaction)
    }

    /// Sets the savepoint to which this caller's writes can be undone. Nothing the second time.
    pub(super) async fn begin(&mut self) -> Result<()> {
        let shared = self.shared()?;
        let sql = match mem::replace(&mut shared.savepoint, Savepoint::Open) {
            Savepoint::None => "SAVEPOINT turn",
            Savepoint::Done => "RELEASE SAVEPOINT turn; SAVEPOINT turn",
            Savepoint::Open => return Ok(()),
        };
        shared.transaction.execute(sql).await?;
        Ok(())
    }

    /// Ends the turn without its writes, and waits for the commit that all share.
    pub(super) async fn give_up(mut self) -> Result<()> {
        self.shared()?.abandon().await?;
        self.committed().await
    }

    /// Ends the turn, and waits for the commit that all share.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.shared()?.savepoint = Savepoint::Done;
        self.committed().await
    }

    async fn committed(mut self) -> Result<()> {
        let member = self.shared()?.group.join();
        drop(self);
        member.committed().await
    }

    fn shared(&mut self) -> Result<&mut Shared> {
        self.0.as_mut().ok_or_else(|| Error::Commit("the group has ended".to_owned()))
    }
}

/// A place in the queue, also of callers who go away.
struct Waiting<'q>(&'q AtomicUsize);

impl<'q> Waiting<'q> {
    fn behind(waiting: &'q AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::AcqRel);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
