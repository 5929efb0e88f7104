//! PostgreSQL. Any number of processes share it.
//!
//! Transactions of this process about one subject would wait for each other in the database, each holding a connection. So
//! they queue here; and where somebody waits behind, they share a transaction and its commit.

use std::mem;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor, PgConnection, Transaction};

use tokio::sync::OwnedMutexGuard;

use super::shared::{self, Entry, Queue, Shared, begin};
use super::statement::{Row, Value, bound};
use super::transaction::Writes;
use crate::error::{Error, Result};
use crate::id::Id;

/// How long a caller waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Queues for subjects; two that share one wait for each other without need, which is rare.
const QUEUES: usize = 1024;

#[derive(Debug, Clone)]
pub(super) struct Postgres {
    pool: PgPool,
    queues: Arc<[Queue]>,
}

impl Postgres {
    pub(super) async fn connect(url: &str, connections: u32) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("packshot");
        let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
        // Asking a connection whether it lives before each use would cost a round trip.
        let pool = pool.test_before_acquire(false).connect_with(options).await?;
        Ok(Self { pool, queues: (0..QUEUES).map(|_| Queue::default()).collect() })
    }

    pub(super) async fn session(&self) -> Result<Session> {
        Ok(Session { state: State::Idle(self.pool.acquire().await?), turn: None })
    }

    /// A transaction that sees everything as of one moment.
    pub(super) async fn snapshot(&self) -> Result<Session> {
        let connection = self.pool.acquire().await?;
        let begun = begin(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(Session { state: State::Begun(begun), turn: None })
    }

    /// Waits for this process's other transactions about `subject`, before a connection is taken.
    pub(super) async fn session_about(&self, subject: Id) -> Result<Session> {
        let place = subject.as_bytes().iter().fold(0, |hash: usize, byte| hash.wrapping_mul(31) ^ usize::from(*byte));
        Ok(match self.queues[place % QUEUES].enter(&self.pool).await? {
            Entry::Alone(turn) => Session { turn: Some(turn), ..self.session().await? },
            Entry::Shared(shared) => Session { state: State::Shared(shared), turn: None },
        })
    }

    pub(super) async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(&mut *self.pool.acquire().await?, sql, values).await
    }

    pub(super) async fn close(self) {
        self.pool.close().await;
    }
}

/// A connection, from the first write on in a transaction.
#[derive(Debug)]
pub(crate) struct Session {
    state: State,
    /// Keeps the queue until the end.
    #[expect(dead_code, reason = "it is held, and let go when this ends")]
    turn: Option<OwnedMutexGuard<Option<Shared>>>,
}

#[derive(Debug)]
enum State {
    Idle(PoolConnection<sqlx::Postgres>),
    Begun(Transaction<'static, sqlx::Postgres>),
    Shared(shared::Turn),
    /// Its transaction could not begin.
    Failed,
}

impl Session {
    pub(super) async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(self.connection()?, sql, values).await
    }

    pub(super) async fn run(&mut self, writes: Writes<'_>) -> Result<()> {
        self.begin().await?;
        run(self.connection()?, writes).await
    }

    pub(super) async fn script(&mut self, script: &'static str) -> Result<()> {
        self.begin().await?;
        self.connection()?.execute(sqlx::raw_sql(script)).await?;
        Ok(())
    }

    /// Without its writes. Only a shared transaction can show what is not committed yet.
    pub(super) async fn give_up(self) -> Result<()> {
        match self.state {
            State::Shared(turn) => turn.give_up().await,
            _ => Ok(()),
        }
    }

    /// A single statement is a transaction by itself.
    pub(super) async fn commit(mut self, writes: Writes<'_>) -> Result<()> {
        if matches!(self.state, State::Shared(_)) {
            self.begin().await?;
        }
        if !writes.is_empty() {
            run(self.connection()?, writes).await?;
        }
        match self.state {
            State::Begun(transaction) => Ok(transaction.commit().await?),
            State::Shared(turn) => turn.commit().await,
            State::Idle(_) => Ok(()),
            State::Failed => Err(closed()),
        }
    }

    async fn begin(&mut self) -> Result<()> {
        self.state = match mem::replace(&mut self.state, State::Failed) {
            State::Idle(connection) => State::Begun(begin(connection, "BEGIN").await?),
            State::Shared(mut turn) => {
                turn.begin().await?;
                State::Shared(turn)
            }
            begun => begun,
        };
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut PgConnection> {
        match &mut self.state {
            State::Idle(connection) => Ok(connection),
            State::Begun(transaction) => Ok(transaction),
            State::Shared(turn) => turn.connection(),
            State::Failed => Err(closed()),
        }
    }
}

fn closed() -> Error {
    sqlx::Error::PoolClosed.into()
}

async fn rows(connection: &mut PgConnection, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
    let rows = bound(sqlx::query(sql), values.iter().cloned()).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

async fn run(connection: &mut PgConnection, writes: Writes<'_>) -> Result<()> {
    let (sql, values) = writes.into_one();
    bound(sqlx::query(AssertSqlSafe(sql)), values).execute(connection).await?;
    Ok(())
}
