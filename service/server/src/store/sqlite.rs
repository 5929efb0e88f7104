//! SQLite: one connection that writes, several that read.
//!
//! A commit waits for the disk, so transactions that come at the same time share one: each is a savepoint, and a task
//! commits them together. Whoever wants to write queues for the writer; the committing task queues behind those who came
//! before it, which makes the group. Nobody is answered before the group is on disk.

use std::path::Path;
use std::sync::Arc;
use std::{fs, mem};

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use super::group::Group;
use super::statement::{Row, Value, bound};
use super::transaction::Writes;
use crate::error::{Error, Result};

/// Earlier versions can lose committed transactions when the write-ahead log starts anew.
const SAFE_VERSION: &str = "3.51.3";

/// Connections that read.
const READERS: u32 = 4;

#[derive(Debug, Clone)]
pub(super) struct Sqlite {
    writer: Arc<Mutex<Writer>>,
    readers: SqlitePool,
    due: Arc<Notify>,
}

/// The connection that writes. Whoever has it locked may use it.
///
/// A caller's future may be dropped at any `await`, and the statements that it waited for may then end or not. So what a
/// statement changes here is noted before it is awaited.
#[derive(Debug)]
struct Writer {
    connection: Option<SqliteConnection>,
    /// Who has written since the last commit, and learns of the next one.
    group: Option<Group>,
    /// A caller's savepoint may be open.
    savepoint: bool,
}

impl Sqlite {
    pub(super) async fn open(folder: &Path, name: &str) -> Result<Self> {
        let unusable = |cause| Error::Folder { path: folder.to_owned(), cause };
        fs::create_dir_all(folder).map_err(unusable)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join(name))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What is deleted is overwritten with zeros.
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        check_version(&mut connection).await?;
        let readers = PoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let writer = Writer { connection: Some(connection), group: None, savepoint: false };
        let sqlite = Self { writer: Arc::new(Mutex::new(writer)), readers, due: Arc::new(Notify::new()) };
        tokio::spawn(commit_groups(Arc::downgrade(&sqlite.writer), Arc::clone(&sqlite.due)));
        Ok(sqlite)
    }

    /// Waits for the writer.
    pub(super) async fn turn(&self) -> Result<Turn> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        writer.abandon().await?;
        if writer.group.is_none() {
            // Before it begins: this caller may go away at the next line, and somebody must commit.
            self.due.notify_one();
            writer.begin().await?;
        }
        Ok(Turn(writer))
    }

    pub(super) async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(&mut *self.readers.acquire().await?, sql, values).await
    }

    /// Copies the write-ahead log into the database, which overwrites what was deleted, and empties the log.
    pub(super) async fn settle(&self) -> Result<()> {
        let mut writer = self.writer.lock().await;
        writer.commit().await;
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").await
    }

    pub(super) async fn copy_to(&self, path: &Path) -> Result<()> {
        let path = path.to_str().ok_or_else(|| Error::Setting(format!("{}: not a name in Unicode", path.display())))?;
        let mut reader = self.readers.acquire().await?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(&mut *reader).await?;
        Ok(())
    }

    pub(super) async fn close(self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        writer.commit().await;
        if let Some(connection) = writer.connection.take() {
            // Best effort: what was committed is in the log, which the next start reads.
            connection.close().await.ok();
        }
        self.due.notify_one();
    }
}

async fn check_version(connection: &mut SqliteConnection) -> Result<()> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    let number = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    if number(&found) < number(SAFE_VERSION) {
        return Err(Error::SqliteTooOld { found, needed: SAFE_VERSION });
    }
    Ok(())
}

/// Commits whenever somebody has written, until the store is gone.
async fn commit_groups(writer: std::sync::Weak<Mutex<Writer>>, due: Arc<Notify>) {
    loop {
        due.notified().await;
        let Some(writer) = writer.upgrade() else { return };
        let mut writer = writer.lock().await;
        if writer.connection.is_none() {
            return;
        }
        writer.commit().await;
    }
}

impl Writer {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(Error::Database(sqlx::Error::PoolClosed))
    }

    async fn execute(&mut self, sql: &'static str) -> Result<()> {
        self.connection()?.execute(sql).await?;
        Ok(())
    }

    async fn run(&mut self, (sql, values): (String, Vec<Value<'_>>)) -> Result<()> {
        bound(sqlx::query(AssertSqlSafe(sql)), values).execute(self.connection()?).await?;
        Ok(())
    }

    async fn begin(&mut self) -> Result<()> {
        self.group = Some(Group::new());
        let begun = self.execute("BEGIN IMMEDIATE").await;
        if begun.is_err() {
            self.group = None;
        }
        begun
    }

    /// Undoes what a caller left that was cancelled or that failed.
    async fn abandon(&mut self) -> Result<()> {
        if !mem::take(&mut self.savepoint) {
            return Ok(());
        }
        match self.execute("ROLLBACK TO turn; RELEASE turn").await {
            // It had ended before its caller went away.
            Err(Error::Database(sqlx::Error::Database(fault))) if fault.code().as_deref() == Some("1") => Ok(()),
            Err(error) => {
                let why = error.to_string();
                self.end_group(Err(error)).await;
                Err(Error::Commit(why))
            }
            Ok(()) => Ok(()),
        }
    }

    /// Commits the group, and tells its members.
    async fn commit(&mut self) {
        if self.group.is_some() && self.abandon().await.is_ok() {
            let committed = self.execute("COMMIT").await;
            self.end_group(committed).await;
        }
    }

    async fn end_group(&mut self, outcome: Result<()>) {
        let Some(group) = self.group.take() else { return };
        if outcome.is_err() {
            // SQLite may have ended the transaction by itself already.
            self.execute("ROLLBACK").await.ok();
        }
        group.end(outcome);
    }
}

/// The writer, while nobody else uses it. What it writes is within a savepoint of the group's transaction.
#[derive(Debug)]
pub(crate) struct Turn(OwnedMutexGuard<Writer>);

impl Turn {
    pub(super) async fn rows(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        rows(self.0.connection()?, sql, values).await
    }

    pub(super) async fn run(&mut self, writes: Writes<'_>) -> Result<()> {
        let begin = if mem::replace(&mut self.0.savepoint, true) { "" } else { BEGIN };
        self.0.run(writes.in_turn(begin, "")).await
    }

    pub(super) async fn script(&mut self, script: &'static str) -> Result<()> {
        if !mem::replace(&mut self.0.savepoint, true) {
            self.0.execute(BEGIN).await?;
        }
        self.0.execute(script).await
    }

    /// Undoes what was written in this turn, and waits until what others wrote before is on disk.
    pub(super) async fn give_up(mut self) -> Result<()> {
        self.0.abandon().await?;
        self.committed().await
    }

    /// Ends the turn, and waits until the group is on disk.
    pub(super) async fn commit(mut self, writes: Writes<'_>) -> Result<()> {
        let begin = if mem::replace(&mut self.0.savepoint, true) { "" } else { BEGIN };
        if writes.is_empty() && begin.is_empty() {
            self.0.execute("RELEASE turn").await?;
        } else if !writes.is_empty() {
            self.0.run(writes.in_turn(begin, "; RELEASE turn")).await?;
        }
        self.0.savepoint = false;
        self.committed().await
    }

    async fn committed(self) -> Result<()> {
        let member = self.0.group.as_ref().map(Group::join);
        drop(self);
        member.ok_or_else(|| Error::Commit("the group has ended".to_owned()))?.committed().await
    }
}

const BEGIN: &str = "SAVEPOINT turn; ";

async fn rows(connection: &mut SqliteConnection, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
    let rows = bound(sqlx::query(sql), values.iter().cloned()).fetch_all(connection).await?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}
