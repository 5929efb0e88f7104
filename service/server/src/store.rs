//! The database: SQLite in a folder by default, PostgreSQL to grow.
//!
//! Each statement is written once, in the SQL that both understand: `$1` is a parameter, times and amounts are `BIGINT`,
//! ids are `BYTEA`. What differs stays in this module: how a transaction begins and commits, how rows are locked, and the
//! triggers of a migration.

mod group;
mod migrate;
mod postgres;
mod shared;
mod sqlite;
mod statement;
mod transaction;

use std::path::Path;

pub(crate) use statement::{Row, Value};
pub(crate) use transaction::{Tx, Writes};

use crate::error::Result;
use crate::id::Id;
use crate::settings::Settings;

/// Connections to PostgreSQL of one copy of the service.
const CONNECTIONS: u32 = 16;

/// Which database a store is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, in this process.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// The database of a service. Clones share it.
#[derive(Debug, Clone)]
pub struct Store(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// The database that the settings name.
    pub(crate) async fn of(settings: &Settings) -> Result<Self> {
        match &settings.database {
            Some(url) => Self::connect(url, CONNECTIONS).await,
            None => Self::in_folder(&settings.data).await,
        }
    }

    /// Opens the SQLite database in `folder`, and makes both when they are missing. One process at a time has it open.
    ///
    /// # Errors
    /// [`Error::Folder`](crate::Error::Folder), [`Error::Migration`](crate::Error::Migration), or what the database says.
    pub async fn in_folder(folder: &Path) -> Result<Self> {
        Self::migrated(Kind::Sqlite(sqlite::Sqlite::open(folder).await?)).await
    }

    /// Connects to the PostgreSQL database of a URL, such as `postgres://user@host/name`, with at most `connections` of
    /// them.
    ///
    /// # Errors
    /// [`Error::Migration`](crate::Error::Migration), or what the database says.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        Self::migrated(Kind::Postgres(postgres::Postgres::connect(url, connections).await?)).await
    }

    async fn migrated(kind: Kind) -> Result<Self> {
        let store = Self(kind);
        migrate::run(&store).await?;
        Ok(store)
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.0 {
            Kind::Sqlite(_) => Backend::Sqlite,
            Kind::Postgres(_) => Backend::Postgres,
        }
    }

    /// A transaction that may write. Without [`Tx::commit`] it leaves nothing.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.session().await?),
        })
    }

    /// The same, about one subject. What is read of it is up to date when it is written, unless another process writes
    /// about it: then the write is refused, and may be tried again.
    pub(crate) async fn begin_about(&self, subject: Id) -> Result<Tx> {
        Ok(match &self.0 {
            // There is one writer for all subjects.
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.session_about(subject).await?),
        })
    }

    /// A transaction that only reads, and sees everything as of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Kind::Sqlite(sqlite) => Tx::Sqlite(sqlite.turn().await?),
            Kind::Postgres(postgres) => Tx::Postgres(postgres.snapshot().await?),
        })
    }

    /// The rows of one query, as of the last commit.
    pub(crate) async fn rows(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.rows(sql, values).await,
            Kind::Postgres(postgres) => postgres.rows(sql, values).await,
        }
    }

    /// Ends all connections; what was committed is on disk.
    pub async fn close(self) {
        match self.0 {
            Kind::Sqlite(sqlite) => sqlite.close().await,
            Kind::Postgres(postgres) => postgres.close().await,
        }
    }
}
